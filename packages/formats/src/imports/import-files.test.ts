import { existsSync } from "node:fs"
import { appendFile, copyFile, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Step, stepAction } from "@swirl-ts/core"
import { runPaths } from "@swirl-ts/store"
import { folderDigests, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { fixture, importContext, imported, importInto, recordsIn } from "../../test/importing.ts"
import { importFiles } from "./import-files.ts"

const did = (steps: readonly Step[]) =>
  steps.map((step) => {
    const action = stepAction(step)
    return action.kind === "tool"
      ? [action.query, step.observation?.text]
      : action.kind === "answer"
        ? action.answer
        : action.reason
  })

test("a log of Inspect becomes trajectories with its epochs, thoughts, parallel calls, failed calls and usage", async () => {
  const context = importContext()
  const result = await importInto(context, "inspect", fixture("inspect/arithmetic-right.eval"))
  expect(result).toMatchObject({ conversations: 8, trajectories: 8, added: 8, answered: 8, scored: 8 })
  expect(result.lost).toEqual({ "turns with several calls (one step a call)": 2 })
  const { trajectories, known, of } = await recordsIn(context.directory)
  expect(
    of("boxes")
      .map(({ epoch }) => epoch)
      .sort(),
  ).toEqual([0, 1])
  const [boxes] = of("boxes")
  expect(boxes).toMatchObject({
    benchmark: "imported/arithmetic",
    split: "log",
    question: "A box holds 6 eggs. How many eggs do 4 boxes and 3 single eggs make?",
    actionFormat: "native",
    answer: "27",
    usage: { inputTokens: 210, outputTokens: 24 },
  })
  expect(boxes!.prompt.map(({ role }) => role)).toEqual(["system", "user"])
  expect(did(boxes!.steps)).toEqual([["6 * 4", "24"], ["4 - 1", "3"], ["24 + 3", "27"], "27"])
  expect(boxes!.steps.map(({ text }) => text)).toEqual(["Two things at once.", "", "", "27"])
  expect(of("coins")[0]!.steps[0]!.observation).toEqual({ text: "cannot read forty - 15", isError: true })
  expect(of("apples")[0]!.steps[0]!.reasoning).toEqual([{ text: "Add them." }])
  const record = known.get(boxes!.id)!
  expect(record.producer.tool).toBe("inspect-ai")
  expect(record.producer.version).toMatch(/^\d+\./)
  expect(record.references).toEqual(["27"])
  expect(record.scores).toEqual([
    expect.objectContaining({ scorer: "match", value: "C", number: 1 }),
    expect.objectContaining({ scorer: "includes", value: "C", number: 1 }),
    expect.objectContaining({ scorer: "work/calls", value: 3, number: 3 }),
    expect.objectContaining({ scorer: "work/short", value: true, number: 1 }),
  ])
  expect(trajectories.every(({ policy }) => policy.startsWith("mockllm-right-"))).toBe(true)
})

test("scores of the log are samples under the names of its scorers, and none of ours", async () => {
  const context = importContext()
  await importInto(context, "inspect", fixture("inspect/arithmetic-wrong.eval"))
  const { samples } = await recordsIn(context.directory)
  expect(samples).toHaveLength(8)
  const coins = samples.find(({ taskId }) => taskId === "coins")!
  expect(coins).toMatchObject({ primaryMetric: "inspect:match", status: "scored", temperature: 0.5, leakGuard: "off" })
  expect(coins.metrics).toEqual({
    "inspect:match": 0,
    "inspect:includes": 0,
    "inspect:work/calls": 1,
    "inspect:work/short": 1,
  })
})

test("another scorer of the log stands for the others where it is said, also of what was imported before", async () => {
  const context = importContext()
  const log = fixture("inspect/arithmetic-wrong.eval")
  const primary = async () => {
    const { samples } = await recordsIn(context.directory)
    expect(samples).toHaveLength(8)
    return new Set(samples.map(({ primaryMetric }) => primaryMetric))
  }
  const byCalls = { format: "inspect", paths: [log], scorer: "work/calls" }
  await importInto(context, "inspect", log)
  expect(await primary()).toEqual(new Set(["inspect:match"]))
  expect(await importFiles(context, byCalls)).toMatchObject({ replaced: 8, added: 0 })
  expect(await primary()).toEqual(new Set(["inspect:work/calls"]))
  expect(await importFiles(context, byCalls)).toMatchObject({ replaced: 0, added: 0 })
  await importInto(context, "inspect", log)
  expect(await primary()).toEqual(new Set(["inspect:match"]))
  await expect(importFiles(context, { ...byCalls, scorer: "work/cals" })).rejects.toThrow(
    /^No score in these logs is of "work\/cals"\..*work\/calls.* There is match, includes, work\/calls, work\/short\./,
  )
})

test("limits, errors, images and given turns of Inspect are kept or counted", async () => {
  const context = importContext()
  const result = await importInto(context, "inspect", fixture("inspect/trouble.eval"))
  expect(result).toMatchObject({ trajectories: 4, answered: 2, stepLimit: 1, errors: 1 })
  expect(result.lost).toEqual({ "image parts (a note stands in their place)": 1 })
  const { of, known, samples } = await recordsIn(context.directory)
  const [limit, broken, talk, picture] = ["limit", "broken", "talk", "picture"].map((id) => of(id)[0]!)
  expect(limit).toMatchObject({ status: "step-limit" })
  expect(known.get(limit!.id)!.limit).toBe("message")
  expect(limit!.steps.at(-1)!.observation).toBeUndefined()
  expect(broken).toMatchObject({ status: "error", steps: [] })
  expect(broken!.error).toContain("the model's server went away")
  expect(samples.find(({ taskId }) => taskId === "broken")).toMatchObject({ status: "error", metrics: {} })
  // The first answer was put into the prompt: it is no step.
  expect(talk!.prompt.map(({ role }) => role)).toEqual(["user", "assistant", "user"])
  expect(talk!.steps).toHaveLength(1)
  expect(picture!.prompt).toMatchObject([{ content: [{ text: expect.stringContaining("[image]") }] }])
})

test("an agent that is asked to go on has a turn without a call or an answer, and no second question", async () => {
  const context = importContext()
  await importInto(context, "inspect", fixture("inspect/agent.eval"))
  const { of } = await recordsIn(context.directory)
  const [apples, ...others] = of("apples")
  expect(others).toEqual([])
  expect(apples!.steps.map(({ kind }) => kind)).toEqual(["tool", "malformed", "answer"])
  expect(apples!.steps[1]!.observation!.text).toContain("Please proceed")
})

test("the same samples in JSON are the same trajectories as in an archive, but for what tells two runs apart", async () => {
  const context = importContext()
  await importInto(context, "inspect", fixture("inspect/arithmetic-part.json"))
  const { trajectories } = await recordsIn(context.directory)
  const other = importContext()
  await importInto(other, "inspect", fixture("inspect/arithmetic-right.eval"))
  const archive = await recordsIn(other.directory)
  for (const { taskId, steps, prompt } of trajectories)
    expect({ steps, prompt }).toEqual({ steps: archive.of(taskId)[0]!.steps, prompt: archive.of(taskId)[0]!.prompt })
})

test.each([
  ["openai-chat", "openai-chat", 7],
  ["ai-sdk", "ai-sdk", 5],
  ["atif", "atif/trajectories.jsonl", 3],
])("imported twice, %s adds nothing", async (format, path, count) => {
  const context = importContext()
  expect(await importInto(context, format, fixture(path))).toMatchObject({ trajectories: count, added: count })
  const before = await folderDigests(context.directory)
  expect(await importInto(context, format, fixture(path))).toMatchObject({ trajectories: count, added: 0, replaced: 0 })
  expect(await folderDigests(context.directory)).toEqual(before)
})

test("rows of chat messages: results in any order, arguments that are no JSON, two questions, a cut-off turn, equal rows", async () => {
  const context = importContext()
  const result = await importInto(context, "openai-chat", fixture("openai-chat/rows.jsonl"))
  const { trajectories, known } = await recordsIn(context.directory)
  const said = trajectories.map(({ steps }) => did(steps))
  expect(said[0]).toEqual([["12 + 5", "17"], "17"])
  expect(said[1]).toEqual([["6 * 4", "24"], ["4 - 1", "3"], ["24 + 3", "27"], "27"])
  expect(said[2]).toEqual(["the input of calculator is not a JSON object", "25"])
  expect(trajectories[2]!.steps[0]!.toolCalls).toEqual([{ toolName: "calculator", input: '{"expression": 40 - 15' }])
  expect(said[3]).toEqual(["35"])
  expect(trajectories[3]).toMatchObject({ question: "And of 50?" })
  expect(trajectories[3]!.prompt.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "user"])
  expect(known.get(trajectories[3]!.id)!.source).toMatchObject({ line: 3, turn: 2 })
  expect(trajectories.slice(4, 6).map(({ epoch }) => epoch)).toEqual([0, 1])
  expect(trajectories[6]).toMatchObject({ status: "token-limit", usage: { inputTokens: 22, outputTokens: 4 } })
  expect(result.lost).toEqual({
    "turns with several calls (one step a call)": 1,
    "image parts (a note stands in their place)": 1,
  })
})

test("model messages and UI messages of the AI SDK say the same steps", async () => {
  const context = importContext()
  await importInto(context, "ai-sdk", fixture("ai-sdk"))
  const { trajectories } = await recordsIn(context.directory)
  const of = (benchmark: string, word: string) =>
    trajectories.find((each) => each.benchmark === benchmark && each.question.includes(word))!
  for (const word of ["eggs", "coins"])
    expect(of("imported/ui-chat", word).steps.map(({ kind, call, answer }) => ({ kind, call, answer }))).toEqual(
      of("imported/generate-text", word).steps.map(({ kind, call, answer }) => ({ kind, call, answer })),
    )
  expect(of("imported/ui-chat", "coins").steps[0]!.observation).toEqual({ text: "An error occurred.", isError: true })
  expect(of("imported/generate-text", "apples")).toMatchObject({ usage: { inputTokens: 40, outputTokens: 10 } })
})

test("a trajectory of Harbor keeps thoughts, parallel calls and subagents", async () => {
  const context = importContext()
  const { policies, lost } = await importInto(context, "atif", fixture("atif/trajectories.jsonl"))
  expect(policies.map(({ model }) => model)).toEqual(["openai/mock", "openai/mock-small"])
  expect(lost).toMatchObject({ "references to subagents": 1, "costs in money": 1 })
  const { trajectories, known } = await recordsIn(context.directory)
  expect(did(trajectories[0]!.steps)).toEqual([["6 * 4", "24"], ["4 - 1", "3"], ["24 + 3", "27"], "27"])
  expect(trajectories[0]!.usage).toEqual({ inputTokens: 225, outputTokens: 18 })
  expect(did(trajectories[1]!.steps)).toEqual([["180 / 2", "90"], expect.stringContaining("neither a call"), "270"])
  expect(did(trajectories[2]!.steps)).toEqual([["90 * 3", "270"], "270"])
  expect(known.get(trajectories[2]!.id)!.producer).toEqual({ tool: "helper", version: "1.2.0" })
})

test("traces of verifiers keep thoughts, parallel calls, rewards and their tools", async () => {
  const context = importContext()
  const result = await importInto(context, "verifiers", fixture("verifiers"))
  expect(result).toMatchObject({ conversations: 6, answered: 6, scored: 6, benchmarks: { "imported/sums": 6 } })
  const { of, known, samples } = await recordsIn(context.directory)
  const [eggs, again, ...others] = of("1")
  expect([again!.epoch, eggs!.epoch, others.length]).toEqual([1, 0, 0])
  expect(did(eggs!.steps)).toEqual([["6 * 4", "24"], ["4 - 1", "3"], ["24 + 3", "27"], "27"])
  expect(eggs!.steps[0]!.reasoning).toEqual([{ text: "Think first." }])
  expect(eggs!.usage).toEqual({ inputTokens: 180, outputTokens: 18 })
  expect(known.get(eggs!.id)).toMatchObject({ producer: { tool: "verifiers" }, references: ["27"] })
  const coins = samples.find(({ taskId }) => taskId === "2")!
  expect(coins).toMatchObject({ primaryMetric: "verifiers:reward", temperature: 0.7 })
  expect(coins.metrics["verifiers:reward"]).toBeCloseTo(0.1)
  expect(coins.metrics).toMatchObject({ "verifiers:reward/right": 0, "verifiers:metric/turns": 3 })
  const imports = JSON.parse(await readFile(runPaths(context.directory).imports, "utf8"))
  expect(imports.questions["imported/sums"].tools).toMatchObject([
    { name: "sums_toolset_calculator", inputSchema: { required: ["expression"] } },
  ])
})

test("questions are matched with a benchmark's tasks by their text and scored by it; the others are counted and stay imported", async () => {
  const context = importContext()
  const result = await imported(
    { format: "inspect", paths: [fixture("inspect/arithmetic-wrong.eval")], benchmark: "sums" },
    context,
  )
  expect(result.matched).toEqual({ benchmark: "made-up/sums", trajectories: 4, unmatched: 4 })
  const { of, samples } = await recordsIn(context.directory)
  // The task's own text is the question, as later commands compare it.
  expect(of("coins")[0]).toMatchObject({
    benchmark: "made-up/sums",
    split: "test",
    question: expect.stringContaining("gives  away"),
  })
  expect(of("apples")[0]).toMatchObject({ benchmark: "made-up/sums", split: "train" })
  const ours = samples.filter(({ benchmark }) => benchmark === "made-up/sums")
  expect(ours.map(({ taskId, metrics }) => [taskId, metrics])).toEqual([
    ...[0, 1].map(() => ["apples", { accuracy: 1 }]),
    ...[0, 1].map(() => ["coins", { accuracy: 0 }]),
  ])
  expect(samples.filter(({ benchmark }) => benchmark !== "made-up/sums")).toHaveLength(4)
})

test("a log that has grown adds what is new, and a conversation that goes on takes the place of its beginning", async () => {
  const folder = temporaryFolder()
  const file = join(folder, "log.jsonl")
  const lines = (await readFile(fixture("openai-chat/rows.jsonl"), "utf8")).trimEnd().split("\n")
  await writeFile(file, `${lines.slice(0, 2).join("\n")}\n`)
  const context = importContext()
  await importInto(context, "openai-chat", file)
  await appendFile(file, `${lines.slice(2).join("\n")}\n`)
  expect(await importInto(context, "openai-chat", file)).toMatchObject({ trajectories: 7, added: 5, replaced: 0 })

  const whole = JSON.parse(await readFile(fixture("atif/trajectory.json"), "utf8"))
  const live = join(folder, "trajectory.json")
  await writeFile(live, JSON.stringify({ ...whole, steps: whole.steps.slice(0, 3) }))
  const other = importContext()
  await importInto(other, "atif", live)
  expect((await recordsIn(other.directory)).trajectories).toMatchObject([{ status: "step-limit" }])
  await writeFile(live, JSON.stringify(whole))
  expect(await importInto(other, "atif", live)).toMatchObject({ trajectories: 1, added: 1, replaced: 1 })
  const { trajectories, known } = await recordsIn(other.directory)
  expect(trajectories).toMatchObject([{ status: "answered", answer: "27" }])
  expect([...known.keys()]).toEqual([trajectories[0]!.id])
  expect(await readFile(runPaths(other.directory).attempts, "utf8")).toContain("step-limit")
})

test("scores that changed in a log are changed in the samples, and the trajectory stays", async () => {
  const log = JSON.parse(await readFile(fixture("inspect/arithmetic-part.json"), "utf8"))
  const file = join(temporaryFolder(), "log.json")
  await writeFile(file, JSON.stringify(log, null, 1))
  const context = importContext()
  await importInto(context, "inspect", file)
  const before = await recordsIn(context.directory)
  for (const sample of log.samples) sample.scores.match.value = "I"
  await writeFile(file, JSON.stringify(log, null, 1))
  expect(await importInto(context, "inspect", file)).toMatchObject({ added: 0, replaced: 2 })
  const after = await recordsIn(context.directory)
  expect(after.trajectories).toEqual(before.trajectories)
  expect(after.samples.map(({ metrics }) => metrics["inspect:match"])).toEqual([0, 0])
})

test("what a kill left is completed: records that are there stay, those that are not are added", async () => {
  const whole = importContext()
  await importInto(whole, "inspect", fixture("inspect/arithmetic-right.eval"))
  const killed = importContext()
  await importInto(killed, "inspect", fixture("inspect/arithmetic-right.eval"))
  const paths = runPaths(killed.directory)
  const text = await readFile(paths.trajectories, "utf8")
  // Three whole lines and a half; of what is known of them, more had come to the disk.
  await writeFile(paths.trajectories, text.split("\n").slice(0, 4).join("\n").slice(0, -40))
  await importInto(killed, "inspect", fixture("inspect/arithmetic-right.eval"))
  const [a, b] = [await recordsIn(whole.directory), await recordsIn(killed.directory)]
  expect(b.trajectories).toEqual(a.trajectories)
  expect(b.samples.map(({ id }) => id)).toEqual(a.samples.map(({ id }) => id))
})

test("a folder is read with what is below it, and one without such files is refused", async () => {
  const folder = temporaryFolder()
  await copyFile(fixture("inspect/agent.eval"), join(folder, "a.eval"))
  await writeFile(join(folder, "eval-set.json"), "{}")
  expect(await imported({ format: "inspect", paths: [folder] })).toMatchObject({ files: 1, trajectories: 2 })
  await expect(imported({ format: "verifiers", paths: [folder] })).rejects.toThrow(
    /holds no file for --format verifiers/,
  )
  const nothing = importContext()
  await expect(imported({ format: "inspect", paths: [join(folder, "no.eval")] }, nothing)).rejects.toThrow(
    /There is no .*no\.eval to import/,
  )
  expect(existsSync(nothing.directory)).toBe(false)
})

test("the licence that is given stands in every record whose log says none", async () => {
  const context = importContext()
  await imported(
    { format: "openai-chat", paths: [fixture("openai-chat/rows.jsonl")], license: "CC-BY-4.0", name: "mine" },
    context,
  )
  const { known, trajectories } = await recordsIn(context.directory)
  expect(new Set([...known.values()].map(({ license }) => license))).toEqual(new Set(["CC-BY-4.0"]))
  expect(new Set(trajectories.map(({ benchmark }) => benchmark))).toEqual(new Set(["imported/mine"]))
})
