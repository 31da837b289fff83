import { existsSync } from "node:fs"
import { mkdir, mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  assistantMessage,
  createRegistry,
  goldStepRecall,
  type Host,
  messageText,
  type Passage,
  type PromptContext,
  userMessage,
} from "@swirl-ts/core"
import { describe, expect, test } from "vitest"
import hotpotqa, { type BenchmarkSettings, type HotpotTask, hotpotBenchmark, type Setting } from "./index.ts"

const host: Host = { cacheDirectory: "/nowhere", workingDirectory: tmpdir(), environment: {}, log: () => {} }

const context = [
  ["Rome", ["Rome is a city.", " It has seven hills."]],
  ["Tiber", ["The Tiber is a river."]],
  ["Oslo", ["Oslo is far away."]],
] as const
const record = (id: string, more: object = {}) => ({
  _id: id,
  question: `Where does ${id} flow?`,
  answer: "Rome",
  type: "bridge",
  level: "hard",
  supporting_facts: [
    ["Tiber", 0],
    ["Rome", 1],
    ["Rome", 0],
  ],
  context,
  ...more,
})
const hubRecord = (id: string) => {
  const { _id, supporting_facts: facts, ...rest } = record(id)
  return {
    id: _id,
    ...rest,
    supporting_facts: { title: facts.map(([title]) => title), sent_id: facts.map(([, sentence]) => sentence) },
    context: { title: context.map(([title]) => title), sentences: context.map(([, sentences]) => sentences) },
  }
}

async function folderOf(files: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "swirl-hotpotqa-"))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content))
  }
  return folder
}
const fileOf = async (content: unknown) => join(await folderOf({ "data.txt": content }), "data.txt")

async function load(
  dataPath: string,
  options: BenchmarkSettings & { setting?: Setting; split?: string; limit?: number } = {},
): Promise<HotpotTask[]> {
  const { setting = "distractor", split = "dev", limit, ...settings } = options
  const tasks: HotpotTask[] = []
  const asked = { host, dataPath, ...(limit === undefined ? {} : { limit }) }
  for await (const task of hotpotBenchmark(setting, settings).load(split, asked)) tasks.push(task)
  return tasks
}
const passages = async (task: HotpotTask): Promise<Passage[]> => {
  const all: Passage[] = []
  for await (const passage of task.corpus.passages()) all.push(passage)
  return all
}
const plain = (tasks: readonly HotpotTask[]) => tasks.map(({ corpus: _corpus, ...task }) => task)

describe("loading", () => {
  test("official and Hugging Face schema, array, lines and Parquet give the same tasks", async () => {
    const official = await load(await fileOf([record("a"), record("b")]))
    expect(plain(official)[0]).toEqual({
      id: "a",
      question: "Where does a flow?",
      answer: "Rome",
      type: "bridge",
      level: "hard",
      paragraphs: context,
      facts: record("a").supporting_facts,
      examples: [],
    })
    const hub = await load(await fileOf([hubRecord("a"), hubRecord("b")]))
    const lines = await load(await fileOf([record("a"), record("b")].map((r) => JSON.stringify(r)).join("\n")))
    expect(plain(hub)).toEqual(plain(official))
    expect(plain(lines)).toEqual(plain(official))
    const parquet = fileURLToPath(new URL("../fixtures/two.parquet", import.meta.url))
    expect(plain(await load(parquet))).toEqual(plain(official))
  })

  test("a folder is searched as the official host, the hub and samples name files", async () => {
    const folder = await folderOf({
      "hotpot_dev_distractor_v1.json": [record("official")],
      "fullwiki/validation.jsonl": JSON.stringify(hubRecord("hub")),
      "raw/some_train_100.json": [record("sample")],
    })
    const ids = async (options: Parameters<typeof load>[1]) => (await load(folder, options)).map(({ id }) => id)
    expect(await ids({})).toEqual(["official"])
    expect(await ids({ setting: "fullwiki" })).toEqual(["hub"])
    expect(await ids({ split: "train" })).toEqual(["sample"])
    await expect(ids({ setting: "fullwiki", split: "test" })).rejects.toThrow(/holds no test split/)
    await expect(ids({ split: "test" })).rejects.toThrow('HotpotQA has no split "test"')
  })

  test("a limit stops before later records are read; levels choose; hidden answers stay hidden", async () => {
    const two = await fileOf(
      `${JSON.stringify(record("a", { level: "easy" }))}\n${JSON.stringify(record("b"))}\nbroken`,
    )
    expect(await load(two, { limit: 2 })).toHaveLength(2)
    expect((await load(two, { limit: 1, levels: ["medium", "hard"] })).map(({ id }) => id)).toEqual(["b"])
    const { answer: _answer, supporting_facts: _facts, ...hidden } = record("t")
    const [task] = await load(await fileOf([hidden]), { setting: "fullwiki", split: "test" })
    const benchmark = hotpotBenchmark("fullwiki")
    expect(benchmark.score(task!, "Rome")).toEqual({})
    expect([benchmark.goldSteps!(task!), benchmark.goldTitles!(task!)]).toEqual([[], []])
  })

  test.each([
    [[record("a"), 3], /entry 1: it is no object with the keys _id/],
    [[record("a", { _id: undefined })], /entry 0: the key "_id" \(Hugging Face: "id"\) is missing/],
    [[record("a", { context: undefined })], /entry 0: the key "context" is missing/],
    [[record("a", { question: 3 })], /"question" cannot be used/],
    [[record("a", { context: ["Rome is a city."] })], /"context.0" cannot be used/],
    [[record("a", { context: [["Rome", "Rome is a city."]] })], /"context.0.1" cannot be used/],
    [[record("a", { supporting_facts: [["Rome", "0"]] })], /"supporting_facts.0.1" cannot be used/],
    [
      [record("a", { context: { title: ["Rome"] } })],
      /"context" is an object without the lists "title" and "sentences"/,
    ],
    [[record("a", { context: { title: ["Rome"], sentences: [] } })], /"context" has 1 titles but 0 entries/],
    [[record("a"), record("b"), record("a")], /entry 2: the id a was there before, at .*entry 0/],
    ["[]", /holds no question/],
    [`[${JSON.stringify(record("a"))},`, /data\.txt/],
  ])("broken record %# is named with place and field", async (content, message) => {
    await expect(load(await fileOf(content))).rejects.toThrow(message)
  })
})

describe("the corpus", () => {
  test("is all paragraphs of the split, equal ones once, whatever the limit; equal files share its id", async () => {
    const records = [record("a"), record("b", { context: [...context, ["Rome", ["Another Rome."]]] })]
    const [task] = await load(await fileOf(records), { limit: 1 })
    const all = await passages(task!)
    expect(all.map(({ title }) => title)).toEqual(["Rome", "Tiber", "Oslo", "Rome"])
    expect(all[0]).toEqual({ title: "Rome", text: "Rome is a city. It has seven hills." })
    expect(await passages(task!)).toEqual(all)
    const again = await load(await fileOf(records))
    const other = await load(await fileOf(records.slice(0, 1)))
    expect(new Set(again.map(({ corpus }) => corpus.id))).toEqual(new Set([task!.corpus.id]))
    expect(other[0]!.corpus.id).not.toBe(task!.corpus.id)
  })

  test("may be another file of passages", async () => {
    const folder = await folderOf({ "dev.json": [record("a")], "own.jsonl": '{"title":"T","text":"x"}\n', bad: "[{}]" })
    const [task] = await load(join(folder, "dev.json"), { corpus: join(folder, "own.jsonl") })
    expect(await passages(task!)).toEqual([{ title: "T", text: "x" }])
    const [bad] = await load(join(folder, "dev.json"), { corpus: join(folder, "bad") })
    await expect(passages(bad!)).rejects.toThrow('a passage has "title" and "text"')
  })
})

const promptContext = (format: string, tools = ["search"]): PromptContext => ({
  format: {
    name: format,
    requestTools: () => [],
    parse: () => ({ kind: "malformed", reason: "" }),
    write: (action) => ({ text: action.kind === "tool" ? `call ${action.query}` : action.answer, toolCalls: [] }),
    turn: ({ text }) => assistantMessage(text),
    reply: (action, { text }) => [userMessage(action.kind === "tool" ? `${action.query} -> ${text}` : text)],
    describe: () => `(${format})`,
  },
  tools: tools.map((name) => ({
    name,
    tag: { name: "search_query", argument: "query" },
    description: "",
    inputSchema: {},
  })),
  limits: hotpotBenchmark("distractor").limits,
})

describe("the benchmark", () => {
  test("shows worked examples from train as searches for the gold titles, never the question itself", async () => {
    const folder = await folderOf({
      "hotpot_train_v1.1.json": [record("lost", { supporting_facts: [["Paris", 0]] }), record("Po"), record("Don")],
      "hotpot_dev_distractor_v1.json": [record("Po")],
    })
    const [task] = await load(folder, { shots: 1 })
    const turns = hotpotBenchmark("distractor").prompt(task!, promptContext("tags")).map(messageText)
    expect(turns[0]).toMatch(/few words[\s\S]*up to 5[\s\S]*Question: Where does Don flow\?$/)
    expect(turns.slice(1)).toEqual([
      "call Tiber",
      "Tiber -> Tiber: The Tiber is a river.",
      "call Rome",
      "Rome -> Rome: Rome is a city. It has seven hills.",
      "Rome",
      "Question: Where does Po flow?",
    ])
    const bare = hotpotBenchmark("distractor").prompt(task!, promptContext("native", []))
    expect(bare).toHaveLength(3)
    await expect(load(join(folder, "hotpot_dev_distractor_v1.json"), { shots: 1 })).rejects.toThrow(
      /holds dev and train/,
    )
  })

  test("gold steps are titles and sentences that observations show; a cut text shows no sentence", async () => {
    const [task] = await load(await fileOf([record("a")]))
    const benchmark = hotpotBenchmark("distractor")
    expect(benchmark.goldTitles!(task!)).toEqual(["Tiber", "Rome"])
    const recall = (...texts: string[]) =>
      goldStepRecall(benchmark.goldSteps!(task!), {
        steps: texts.map((text, index) => ({
          index,
          kind: "tool",
          text: "",
          call: { tool: "search", input: {}, query: "" },
          observation: { text, isError: false },
          finishReason: "stop",
        })),
      })
    expect(recall("Rome: Rome is a city. It has seven hills.")).toEqual({
      gold_step_recall: 0.5,
      gold_sentence_recall: 2 / 3,
    })
    expect(recall("[1] Rome: Rome is a city. It…\n[2] Tiber: The…")).toEqual({
      gold_step_recall: 1,
      gold_sentence_recall: 1 / 3,
    })
    expect(recall()).toEqual({ gold_step_recall: 0, gold_sentence_recall: 0 })
  })

  test("titles in two Unicode forms meet; sentences that nobody has are left out", async () => {
    const title = "São Paulo"
    const nfd = [[title.normalize("NFD"), ["A city."]]]
    const [task] = await load(await fileOf([record("a", { context: nfd, supporting_facts: [[title, 0]] })]))
    const steps = hotpotBenchmark("fullwiki").goldSteps!(task!)
    expect(steps.map(({ metric }) => metric)).toEqual(["gold_step_recall"])
    expect(steps[0]!.seenIn({ tool: "search", text: `${title.normalize("NFD")}: A city.`, isError: false })).toBe(true)
  })

  test("scores an answer under the official names", async () => {
    const [task] = await load(await fileOf([record("a")]))
    const benchmark = hotpotBenchmark("distractor")
    expect(benchmark.score(task!, "the ROME!")).toEqual({ em: 1, f1: 1, prec: 1, recall: 1 })
    expect(benchmark.score(task!, "Rome Italy")).toEqual({ em: 0, f1: 2 / 3, prec: 0.5, recall: 1 })
    expect(benchmark.score(task!, undefined)).toEqual({ em: 0, f1: 0, prec: 0, recall: 0 })
  })

  test("both settings are found in a registry; options are checked", () => {
    const registry = createRegistry([hotpotqa({ shots: 2, levels: ["hard"] })])
    expect(registry.broken).toEqual([])
    expect(registry.list("benchmarks").map(({ fullName }) => fullName)).toEqual([
      "bench-hotpotqa/hotpotqa",
      "bench-hotpotqa/hotpotqa-fullwiki",
    ])
    expect(registry.resolve("benchmarks", "hotpotqa-fullwiki").value.splits).toEqual(["train", "dev", "test"])
    expect(() => hotpotqa({ shots: -1 })).toThrow(/shots/)
    expect(() => hotpotqa({ level: [] } as never)).toThrow(/level/)
  })
})

const data = fileURLToPath(new URL("../../../../shared/data/hotpotqa", import.meta.url))
const present = existsSync(data)
if (!present) console.warn(`skipped: ${data} is not there`)

test.skipIf(!present)("the real samples load from their folder, each right by its own answer", async () => {
  for (const [setting, split, count, withSentences] of [
    ["distractor", "dev", 682, 682],
    ["fullwiki", "dev", 500, 134],
    ["distractor", "train", 600, 600],
  ] as const) {
    const tasks = await load(data, { setting, split })
    expect(tasks).toHaveLength(count)
    const benchmark = hotpotBenchmark(setting)
    for (const task of tasks) expect(benchmark.score(task, task.answer).em).toBe(1)
    const known = tasks.filter((task) =>
      benchmark.goldSteps!(task).some(({ metric }) => metric === "gold_sentence_recall"),
    )
    expect(known).toHaveLength(withSentences)
  }
  const [task] = await load(data, { limit: 1 })
  const titles = new Set((await passages(task!)).map(({ title }) => title))
  for (const gold of await load(data)) for (const [title] of gold.facts) expect(titles.has(title)).toBe(true)
})
