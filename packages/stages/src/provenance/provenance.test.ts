/** Records of one number are of the same questions, prompts and tools: what changed is refused, and the folder stays as it is. */
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import {
  contentHash,
  createRegistry,
  definePlugin,
  defineTool,
  EvalSampleSchema,
  type RunRecord,
  type Task,
  TrajectorySchema,
  userMessage,
} from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { readRecords, readRun } from "@swirl-ts/store"
import { fakeModel, folderDigests, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { beforeEach, expect, test } from "vitest"
import { z } from "zod"
import type { EvaluateRequest } from "../evaluate/cell-evaluation.ts"
import { evaluateCells } from "../evaluate/evaluate.ts"
import { generate } from "../generate/generate.ts"
import { otherMaker } from "./maker.ts"

/** What a version of the plugin, and the data, are like; every test begins with the same. */
const first = {
  data: Array.from({ length: 6 }, (_, row) => `question ${row}`),
  gold: "Oslo",
  prompt: "Answer.",
  tool: { description: "Looks a name up.", options: { k: 3 } },
  fails: (_question: string): boolean => false,
  weights: "w",
  passages: "all of them",
  version: "1.2.3",
  text: "aa",
}
let now = { ...first }
beforeEach(() => {
  now = { ...first }
})

const benchmark = () => ({
  description: "",
  splits: ["train", "test"],
  tools: [{ name: "look", options: now.tool.options }],
  limits: { toolCalls: 0, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
  primaryMetric: "exact",
  corpus: () => ({ id: contentHash(now.passages), passages: () => [] }),
  load: (split: string) => now.data.map((question, row) => ({ id: `${split}/${row}`, question, answer: now.gold })),
  prompt: ({ question }: Task) => [userMessage(`${now.prompt} ${question}`)],
  score: ({ answer }: Task, given: string | undefined) => ({ exact: given === answer ? 1 : 0 }),
})
const said: string[] = []
function here(directory: string) {
  const look = defineTool({
    description: now.tool.description,
    inputSchema: z.object({ name: z.string() }),
    execute: () => "",
  })
  const model = fakeModel(({ prompt }) => {
    if (now.fails(JSON.stringify(prompt))) throw new Error("the server broke")
    return "<answer>Oslo</answer>"
  })
  const plugin = definePlugin({
    meta: { name: "mine", version: now.version, apiVersion: 1 },
    tools: { look },
    benchmarks: { towns: benchmark(), rivers: benchmark() },
    models: {
      weights: {
        description: "",
        open: async () => ({ model, identity: contentHash(now.weights), identityIsDigest: true }),
      },
    },
  })
  const idle = definePlugin({ meta: { name: "idle", version: "1.0.0", apiVersion: 1 } })
  const registry = createRegistry([plugin, formats(), idle])
  const host = testHost({ log: (line) => said.push(line) })
  const pluginTexts = { mine: now.text, "swirl.config.ts": "cc", idle: "dd" }
  return { registry, host, directory, seed: 1, concurrency: 3, swirlVersion: "9.9.9", pluginTexts }
}

const rolled = { model: "weights:a/b", temperature: 0, actionFormat: "tags" }
const evaluated = (directory: string, request: Partial<EvaluateRequest> = {}) => {
  const cell = { ...rolled, benchmark: "towns", split: "test", epochs: 1, ...request }
  return evaluateCells(here(directory), [cell]).then(([result]) => result!)
}
const generated = (directory: string) =>
  generate(here(directory), { ...rolled, benchmarks: ["towns"], split: "train", samples: 1 })

const samples = async (file: string) => Array.fromAsync(readRecords(file, EvalSampleSchema))

/** Runs what has to be refused as wrong usage, and sees that every file is as before. */
async function refused(folder: string, run: () => Promise<unknown>): Promise<string> {
  const before = folderDigests(folder)
  const error = await run().then(
    () => undefined,
    (caught: unknown) => caught as { kind?: string; message: string },
  )
  expect(error?.kind).toBe("usage")
  expect(folderDigests(folder)).toEqual(before)
  return error!.message
}

const others: [string, Partial<typeof first>, RegExp][] = [
  ["questions", { data: first.data.map((text) => `other ${text}`) }, /the data of mine\/towns\/\w+ are others/],
  ["references", { gold: "Bergen" }, /the data of mine\/towns\/\w+ are others/],
  ["fewer questions", { data: first.data.slice(0, 5) }, /the data of mine\/towns\/\w+ are others/],
  ["passages to search", { passages: "half of them" }, /passages that mine\/towns\/\w+ is searched in are others/],
  ["a prompt", { prompt: "Think, then answer." }, /the first prompts of mine\/towns\/\w+ are others/],
  ["a tool's options", { tool: { ...first.tool, options: { k: 5 } } }, /tools of mine\/towns\/\w+ or their options/],
  ["a tool's description", { tool: { ...first.tool, description: "Finds." } }, /tools of mine\/towns\/\w+ or their/],
]

test.each(others)("an evaluation and a generation with other %s are refused", async (_what, change, says) => {
  const folder = temporaryFolder()
  await evaluated(folder)
  await generated(folder)
  now = { ...first, ...change }
  for (const run of [evaluated, generated]) {
    const message = await refused(folder, () => run(folder))
    expect(message).toMatch(says)
    expect(message).toContain("Give another folder (--run)")
  }
  now = { ...first }
  expect(await evaluated(folder)).toMatchObject({ samples: 6 })
})

test("how much is asked decides nothing: more, fewer, some by id", async () => {
  const folder = temporaryFolder()
  for (const [request, count] of [
    [{ limit: 2 }, 2],
    [{ limit: 4 }, 4],
    [{ limit: 1 }, 1],
    [{ ids: ["test/5"] }, 1],
    [{ skip: 1, limit: 3 }, 3],
    [{ limit: 3 }, 3],
  ] as const) {
    const { samples: asked, n, provenance } = await evaluated(folder, request)
    expect([request, asked, n]).toEqual([request, count, count])
    expect(provenance.digests.dataset).toMatch(/^\d:[0-9a-f]{16}$/)
  }
  const { file } = await evaluated(folder, { limit: 1 })
  expect((await samples(file)).map(({ taskId }) => taskId).sort()).toEqual([0, 1, 2, 3, 5].map((row) => `test/${row}`))
  now = { ...first, data: first.data.with(5, "another one") }
  await refused(folder, () => evaluated(folder, { limit: 1 }))
})

test("failures of tasks that are not asked again stay, and so do all where the start dies", async () => {
  const folder = temporaryFolder()
  now = { ...first, fails: (prompt) => /question [135]/.test(prompt) }
  const { file, errors } = await evaluated(folder)
  expect(errors).toBe(3)
  now = { ...first }
  expect(await evaluated(folder, { limit: 2 })).toMatchObject({ samples: 2, n: 2, errors: 0 })
  const statuses = async () => (await samples(file)).map(({ taskId, status }) => `${taskId} ${status}`).sort()
  const after = [0, 1, 2, 3, 4, 5].map((row) => `test/${row} ${row === 3 || row === 5 ? "error" : "scored"}`)
  expect(await statuses()).toEqual(after)
  const signal = AbortSignal.abort(new Error("stopped"))
  const stopped = { ...here(folder), abortSignal: signal }
  const cell = { ...rolled, benchmark: "towns", split: "test", epochs: 1 }
  await expect(evaluateCells(stopped, [cell])).rejects.toThrow("stopped")
  expect(await statuses()).toEqual(after)
})

test("where all has failed, what is mended binds nobody, and each sample has one record", async () => {
  const folder = temporaryFolder()
  now = { ...first, fails: () => true }
  expect(await evaluated(folder)).toMatchObject({ errors: 6 })
  now = { ...first, prompt: "Mended." }
  const mended = { ...here(folder), seed: 2 }
  const [result] = await evaluateCells(mended, [{ ...rolled, benchmark: "towns", split: "test", epochs: 1 }])
  expect(result).toMatchObject({ n: 6, errors: 0 })
  expect((await samples(result!.file)).map(({ seed, status }) => [seed, status])).toEqual(Array(6).fill([2, "scored"]))
})

test("of several benchmarks none is begun where one is refused", async () => {
  const folder = temporaryFolder()
  await evaluated(folder, { benchmark: "rivers" })
  await generate(here(folder), { ...rolled, benchmarks: ["rivers"], split: "train", samples: 1 })
  now = { ...first, prompt: "Other." }
  const cells = ["towns", "rivers"].map((benchmark) => ({ ...rolled, benchmark, split: "test", epochs: 1 }))
  await refused(folder, () => evaluateCells(here(folder), cells))
  const request = { ...rolled, benchmarks: ["towns", "rivers"], split: "train", samples: 1 }
  await refused(folder, () => generate(here(folder), request))
})

test("the same weights under another path, and a copy of the folder, are gone on with; other weights are a policy beside", async () => {
  const folder = temporaryFolder()
  const before = await evaluated(folder)
  await generated(folder)
  const copy = join(temporaryFolder(), "copy")
  cpSync(folder, copy, { recursive: true })
  const moved = await evaluated(copy, { model: "weights:/elsewhere/b" })
  expect(moved).toMatchObject({ policy: before.policy, samples: 6 })
  expect(before.policy).toMatch(/^weights-[0-9a-f]{8}$/)
  expect(await samples(moved.file)).toEqual(await samples(before.file))
  const more = { ...rolled, model: "weights:c", benchmarks: ["towns"], split: "train", samples: 1 }
  expect(await generate(here(copy), more)).toMatchObject({ reused: 6, trajectories: 6 })
  now = { ...first, weights: "v" }
  expect((await evaluated(copy)).policy).not.toBe(before.policy)
  expect(await refused(copy, () => generated(copy))).toContain("identity was")
})

/** A folder as it was made before there were digests, with the policy's name of then. */
async function madeBefore(): Promise<{ folder: string; name: string }> {
  const folder = temporaryFolder()
  const { policy } = await evaluated(folder)
  await generated(folder)
  const record = (await readRun(folder)) as RunRecord
  const { makers: _makers, ...old } = { ...record, digests: {} }
  const name = "weights-a-b-01234567"
  writeFileSync(join(folder, "run.json"), JSON.stringify(old).replaceAll(policy, name))
  cpSync(join(folder, "eval", policy), join(folder, "eval", name), { recursive: true })
  for (const file of [
    join("eval", name, "mine-towns.jsonl"),
    join("eval", name, "mine-towns.trajectories.jsonl"),
    "trajectories.jsonl",
  ])
    writeFileSync(join(folder, file), readFileSync(join(folder, file), "utf8").replaceAll(policy, name))
  return { folder, name }
}

test("a folder of before goes on under its policy's name, and gets digests where its records bear them out", async () => {
  const { folder, name } = await madeBefore()
  expect(await evaluated(folder, { limit: 2 })).toMatchObject({ policy: name, provenance: { digests: {} } })
  expect(await evaluated(folder)).toMatchObject({ provenance: { digests: { dataset: expect.any(String) } } })
  await generated(folder)
  const names = await Array.fromAsync(readRecords(join(folder, "trajectories.jsonl"), TrajectorySchema))
  expect([...new Set(names.map(({ policy }) => policy))]).toEqual([name])
  now = { ...first, gold: "Bergen" }
  expect(await refused(folder, () => evaluated(folder))).toContain("the data of mine/towns/test are others")
  expect(await refused(folder, () => generated(folder))).toContain("the data of mine/towns/train are others")
})

test("a folder of before whose records say that another question was asked is refused", async () => {
  const { folder } = await madeBefore()
  now = { ...first, data: first.data.with(2, "another one") }
  for (const run of [evaluated, generated])
    expect(await refused(folder, () => run(folder))).toMatch(/as \w+\/2 of .* its records were asked another question/)
})

test("run.json and the evaluation say what they stand for; a sample carries the hashes of its question and prompt", async () => {
  const folder = temporaryFolder()
  const { provenance, file } = await evaluated(folder)
  const { digests, ...maker } = provenance
  expect(maker).not.toHaveProperty("texts.idle")
  expect(digests).toEqual({
    dataset: expect.stringMatching(/^6:/),
    prompts: expect.stringMatching(/^6:/),
    corpora: expect.stringMatching(/^6:/),
    tools: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
  expect(maker).toMatchObject({
    swirl: "9.9.9",
    plugins: { mine: "1.2.3" },
    texts: { mine: "aa", "swirl.config.ts": "cc" },
    machine: { node: process.version },
  })
  const record = await readRun(folder)
  const [stage = ""] = Object.keys(record!.spec as object)
  expect(record?.makers).toEqual({ [stage]: [maker] })
  expect(record?.digests).toEqual({
    [`${stage}: dataset`]: digests.dataset,
    [`${stage}: prompts`]: digests.prompts,
    [`${stage}: corpora`]: digests.corpora,
    [`${stage}: tools`]: digests.tools,
  })
  expect((await samples(file))[0]).toMatchObject({
    questionHash: contentHash("question 0"),
    promptHash: contentHash([userMessage("Answer. question 0")]),
  })
})

test("another version or text of a plugin is gone on with, said once, and stands beside the number", async () => {
  const folder = temporaryFolder()
  await evaluated(folder, { limit: 2 })
  await generated(folder)
  said.length = 0
  expect((await evaluated(folder, { limit: 3 })).provenance.earlier).toBeUndefined()
  expect(said).toEqual([])
  now = { ...first, version: "1.3.0", text: "bb" }
  const { provenance, samples: asked } = await evaluated(folder, { limit: 4 })
  expect([asked, provenance.earlier]).toMatchObject([4, [{ plugins: { mine: "1.2.3" }, texts: { mine: "aa" } }]])
  await generated(folder)
  expect(said.map((line) => line.replace(/^(eval|generate)\S+/, "$1"))).toEqual([
    expect.stringContaining(
      "eval goes on with another version of mine (1.2.3 then, 1.3.0 now) and another text of mine (aa",
    ),
    expect.stringContaining("generate goes on with another version of mine"),
  ])
  expect(said[0]).toContain("its numbers are of both: use another folder (--run).")
  said.length = 0
  expect((await evaluated(folder)).provenance.earlier).toHaveLength(1)
  expect(said).toEqual([])
})

test("who has not said which version of swirl-ts made the records is not told that it was another", () => {
  const made = { since: "", plugins: { mine: "1.2.3" }, machine: {} }
  expect(otherMaker("eval", made, { ...made, swirl: "1.0.0" })).toBeUndefined()
  expect(otherMaker("eval", { ...made, swirl: "0.9.0" }, made)).toBeUndefined()
  expect(otherMaker("eval", { ...made, swirl: "0.9.0" }, { ...made, swirl: "1.0.0" })).toContain(
    "another version of swirl-ts (0.9.0 then, 1.0.0 now);",
  )
})
