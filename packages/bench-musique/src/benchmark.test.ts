import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { goldStepRecall, type Host, messageText, type Passage, type PromptContext } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { beforeEach, describe, expect, it } from "vitest"
import { type MusiqueTask, musique, scoreFiles } from "./index.ts"

let folder: string
let host: Host
beforeEach(async () => {
  folder = temporaryFolder()
  host = testHost({ workingDirectory: folder })
})

const paragraph = (idx: number, title: string, text: string, is_supporting = false) => ({
  idx,
  title,
  paragraph_text: text,
  is_supporting,
})
const record = (id: string, fields: object = {}) => ({
  id,
  paragraphs: [
    paragraph(0, `Green ${id}`, `Green ${id} is an album by Hillage ${id}.`, true),
    paragraph(1, `Hillage ${id}`, `Hillage ${id} married Giraudy ${id}.`, true),
    paragraph(2, "Elsewhere", "The same everywhere."),
    paragraph(3, `Noise ${id}`, `Nothing of note in ${id}.`),
  ],
  question: `Who is the spouse of the performer of Green ${id}?`,
  question_decomposition: [
    { id: 1, question: `Green ${id} >> performer`, answer: `Hillage ${id}`, paragraph_support_idx: 0 },
    { id: 2, question: "#1 >> spouse", answer: `Giraudy ${id}`, paragraph_support_idx: 1 },
  ],
  answer: `Giraudy ${id}`,
  answer_aliases: ["Miquette"],
  answerable: true,
  ...fields,
})
const write = async (name: string, records: readonly unknown[]) => {
  const path = join(folder, name)
  await writeFile(path, records.map((one) => `${JSON.stringify(one)}\n`).join(""))
  return path
}
const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
const passagesOf = (task: MusiqueTask) => all<Passage>(task.corpus.passages() as AsyncIterable<Passage>)
const three = ["a", "b", "c"].map((id) => record(id))
const ans = (options = {}) => musique(options).benchmarks.musique
const full = () => musique().benchmarks["musique-full"]
const synthetic = (seed = 0) => musique({ syntheticFull: true, seed }).benchmarks["musique-synthetic"]!
const plugin = formats()
const context = (name: "tags" | "native"): PromptContext => ({
  format: plugin.actionFormats[name],
  tools: [
    { name: "search", tag: { name: "search_query", argument: "query" }, description: "Search.", inputSchema: {} },
  ],
  limits: ans().limits,
})

describe("musique", () => {
  it("loads tasks that share one corpus: every paragraph of the split once", async () => {
    const dataPath = await write("dev.jsonl", three)
    const [first, ...others] = await all(ans().load("dev", { host, dataPath, limit: 2 }))
    expect(others).toHaveLength(1)
    expect(first).toMatchObject({ id: "a", answer: "Giraudy a", acceptedAnswers: ["Giraudy a", "Miquette"] })
    expect(others[0]!.corpus).toBe(first!.corpus)
    const passages = await passagesOf(first!)
    expect(passages).toHaveLength(3 * 3 + 1)
    expect(await passagesOf(first!)).toEqual(passages)
    const copy = await write("copy.jsonl", three)
    expect((await all(ans().load("dev", { host, dataPath: copy })))[0]!.corpus.id).toBe(first!.corpus.id)
  })

  it("finds its files in the sub-folders that people have, samples by the end of their name", async () => {
    await mkdir(join(folder, "musique", "raw"), { recursive: true })
    await write("musique/raw/some_ans_dev_1.json", [record("sample")])
    const ids = async (benchmark = ans()) =>
      (await all(benchmark.load("dev", { host, dataPath: folder }))).map((t) => t.id)
    expect(await ids()).toEqual(["sample"])
    await write("musique_ans_v1.0_dev_part.jsonl", [record("part")])
    expect(await ids()).toEqual(["part"])
    await write("musique_ans_v1.0_dev.jsonl", [record("official")])
    expect(await ids()).toEqual(["official"])
    await expect(ids(full())).rejects.toThrow(
      /no dev split of MuSiQue-Full: no file is named like musique_full_v1\.0_dev\.jsonl/,
    )
  })

  it("scores over answer and aliases; no answer is wrong", async () => {
    const [task] = await all(ans().load("dev", { host, dataPath: await write("dev.jsonl", three) }))
    expect(ans().score(task!, "the Miquette")).toEqual({ answer_em: 1, answer_f1: 1 })
    expect(ans().score(task!, undefined)).toEqual({ answer_em: 0, answer_f1: 0 })
  })

  it("counts step answers that observations show", async () => {
    const [task] = await all(ans().load("dev", { host, dataPath: await write("dev.jsonl", three) }))
    const step = (text: string, isError: boolean) => ({
      index: 0,
      kind: "tool" as const,
      text: "",
      finishReason: "stop" as const,
      call: { tool: "search", input: {}, query: "" },
      observation: { text, isError },
    })
    const recall = (text: string, isError = false) =>
      goldStepRecall(ans().goldSteps!(task!), { steps: [step(text, isError)] })
    expect(recall("Green a: an album by HILLAGE A.")).toEqual({ gold_step_recall: 0.5 })
    expect(recall("Hillage a, Giraudy a", true)).toEqual({ gold_step_recall: 0 })
  })

  it.each(["tags", "native"] as const)("shows train records as searches and their paragraphs (%s)", async (name) => {
    await write(
      "musique_ans_v1.0_train.jsonl",
      ["t", "u"].map((id) => record(id)),
    )
    await write("musique_ans_v1.0_dev.jsonl", [record("a"), { ...record("x"), question: record("t").question }])
    const tasks = await all(ans({ shots: 1 }).load("dev", { host, dataPath: folder }))
    const text = (task: MusiqueTask) =>
      JSON.stringify(
        ans({ shots: 1 })
          .prompt(task, context(name))
          .map((message) => message.content),
      )
    expect(text(tasks[0]!)).toContain("Hillage t spouse")
    expect(text(tasks[0]!)).toContain("Hillage t: Hillage t married Giraudy t.")
    expect(text(tasks[0]!)).not.toContain("Giraudy u")
    expect(text(tasks[1]!)).toContain("Giraudy u")
    expect(messageText(ans().prompt(tasks[0]!, context(name)).at(-1)!)).toContain("Question: Who is the spouse")
  })

  it("reads a test file, whose answers are hidden", async () => {
    const { id, question, paragraphs } = record("a")
    const hidden = { id, question, paragraphs: paragraphs.map(({ is_supporting: _, ...one }) => one) }
    const [task] = await all(ans().load("test", { host, dataPath: await write("test.jsonl", [hidden]) }))
    expect(task!.answer).toBeUndefined()
    expect(ans().score(task!, "x")).toEqual({})
  })
})

describe("paragraphs without any text", () => {
  const empty = (id: string) =>
    record(id, { paragraphs: record(id).paragraphs.map((one) => ({ ...one, paragraph_text: " " })) })
  const notes = async (read: (noting: Host) => AsyncIterable<unknown>) => {
    const said: string[] = []
    for await (const _ of read({ ...host, log: (line) => said.push(line) }));
    return said
  }
  it("are counted and said once, also in making twins; of other files nothing is said", async () => {
    const dataPath = await write("dev.jsonl", [empty("a"), record("b"), empty("c")])
    expect(await notes((noting) => ans().load("dev", { host: noting, dataPath }))).toEqual([
      expect.stringContaining("2 of 3 records have no paragraph with a text"),
    ])
    const twins = ans().files!.derived!["synthetic-full"]!
    expect(await notes((noting) => twins("dev", { host: noting, dataPath }))).toEqual([
      expect.stringContaining("2 of 3 records"),
    ])
    const whole = await write("whole.jsonl", three)
    expect(await notes((noting) => ans().load("dev", { host: noting, dataPath: whole }))).toEqual([])
  })
})

describe("twins", () => {
  const twin = (id: string) => record(id, { answerable: false, paragraphs: record(id).paragraphs.slice(1) })

  it("musique-full: unique task ids, own paragraphs, abstaining is right", async () => {
    const dataPath = await write("full.jsonl", [record("a"), twin("a")])
    const [good, bad] = await all(full().load("dev", { host, dataPath }))
    expect([good!.id, bad!.id]).toEqual(["a/answerable", "a/unanswerable"])
    expect([good!.acceptedAnswers, bad!.acceptedAnswers]).toEqual([["Giraudy a", "Miquette"], ["unanswerable"]])
    expect([(await passagesOf(good!)).length, (await passagesOf(bad!)).length]).toEqual([4, 3])
    expect(full().score(good!, "Giraudy a")).toEqual({ answer_em: 1, answer_f1: 1, ours_right: 1 })
    expect(full().score(good!, "unanswerable").ours_right).toBe(0)
    // What is left of its paragraphs is not what its answer would need.
    expect([good!, bad!].map((task) => full().retrieval!.goldTitles(task).length)).toEqual([2, 0])
    expect(full().score(bad!, "Unanswerable.")).toEqual({ ours_right: 1 })
    expect(full().score(bad!, undefined)).toEqual({ ours_right: 0 })
    expect(full().goldSteps!(bad!)).toEqual([])
  })

  it("synthetic: deterministic by seed, labelled, robbed of at least one supporting paragraph", async () => {
    const dataPath = await write(
      "dev.jsonl",
      "abcdefghij".split("").map((id) => record(id)),
    )
    const load = (seed: number) => all(synthetic(seed).load("dev", { host, dataPath }))
    const tasks = await load(0)
    expect(tasks).toHaveLength(20)
    expect(tasks.every((task) => task.synthetic)).toBe(true)
    const view = async (from: MusiqueTask[]) => Promise.all(from.map(async (task) => [task.id, await passagesOf(task)]))
    expect(await view(await load(0))).toEqual(await view(tasks))
    expect(await view(await load(1))).not.toEqual(await view(tasks))
    for (const task of tasks.filter((one) => !one.answerable)) {
      expect(task.answer).toBe(`Giraudy ${task.recordId}`)
      expect(task.supportingTitles.length).toBeLessThan(2)
      expect(await passagesOf(task)).toHaveLength(4)
    }
    expect(synthetic().description).toContain("not MuSiQue-Full")
  })

  it("a written synthetic file keeps its label, whatever benchmark reads it", async () => {
    const dataPath = await write("dev.jsonl", three)
    const lines = await all(ans().files!.derived!["synthetic-full"]!("dev", { host, dataPath, seed: 3 }))
    const path = await write(
      "twins.jsonl",
      lines.map((line) => JSON.parse(line)),
    )
    const said: string[] = []
    const tasks = await all(full().load("dev", { host: { ...host, log: (line) => said.push(line) }, dataPath: path }))
    expect(tasks).toHaveLength(6)
    expect(tasks.every(({ id }) => id.endsWith("/synthetic"))).toBe(true)
    expect(said).toEqual([expect.stringContaining("SYNTHETIC")])
    const predictions = tasks.map(({ recordId, answerable }) =>
      JSON.stringify({
        id: recordId,
        predicted_answer: "Miquette",
        predicted_support_idxs: [],
        predicted_answerable: answerable,
      }),
    )
    expect(scoreFiles(lines.join("\n"), predictions.join("\n")).metrics).toMatchObject({
      group_answer_sufficiency_f1: 1,
      ours_synthetic_gold: 1,
    })
  })
})

describe("bad input names file, line and field", () => {
  const problem = async (records: readonly unknown[], benchmark = ans()) =>
    all(benchmark.load("dev", { host, dataPath: await write("bad.jsonl", records) }))
  it("a file without paragraphs", async () => {
    const { paragraphs: _, ...rest } = record("b")
    await expect(problem([record("a"), rest])).rejects.toThrow(/bad\.jsonl, line 2: "paragraphs" is missing/)
  })
  it("a HotpotQA file", async () => {
    await expect(problem([{ _id: "1", question: "q", context: [] }])).rejects.toThrow(/"id" is missing.*HotpotQA/)
  })
  it("a BeerQA file", async () => {
    const beer = { id: "1", src: "squad", answers: ["x"], question: "q", context: [["t", "x"]] }
    const path = join(folder, "beer.json")
    await writeFile(path, JSON.stringify({ version: "1.0", data: [beer] }, null, 2))
    await expect(all(ans().load("dev", { host, dataPath: path }))).rejects.toThrow(
      /beer\.json, entry 0: "paragraphs" is missing.* may be a BeerQA file\.$/,
    )
  })
  it("a wrong type deep inside", async () => {
    const broken = record("a", { paragraphs: [paragraph(0, "x", 7 as unknown as string)] })
    await expect(problem([broken])).rejects.toThrow(
      'bad.jsonl, line 1: "paragraphs.0.paragraph_text" cannot be used: it should be a text, but is the number 7.',
    )
  })
  it("a file without any record", async () => {
    await expect(problem([])).rejects.toThrow(/\/bad\.jsonl is empty/)
    const path = join(folder, "none.json")
    await writeFile(path, "[]")
    await expect(all(ans().load("dev", { host, dataPath: path }))).rejects.toThrow(/\/none\.json holds no question/)
  })
  it("an id twice", async () => {
    await expect(problem([record("a"), record("a")])).rejects.toThrow(/line 2: the id a was there before, at .*line 1/)
  })
  it("a truncated line", async () => {
    const path = join(folder, "cut.jsonl")
    await writeFile(path, `${JSON.stringify(record("a"))}\n${JSON.stringify(record("b")).slice(0, 90)}`)
    await expect(all(ans().load("dev", { host, dataPath: path }))).rejects.toThrow(/cut\.jsonl, line 2/)
  })
  it("the other variant", async () => {
    await expect(problem([record("a", { answerable: false })])).rejects.toThrow("ask for musique-full")
    await expect(problem([record("a")], full())).rejects.toThrow("it is MuSiQue-Ans")
    await expect(full().files!.fetch!(host)).rejects.toThrow("Google Drive")
  })
  it("unicode comes through as it is", async () => {
    const odd = "İzmir\u00a0e\u0301"
    const [task] = await problem([record("a", { answer: odd, answer_aliases: [] })])
    expect(ans().score(task!, odd)).toEqual({ answer_em: 1, answer_f1: 1 })
  })
})
