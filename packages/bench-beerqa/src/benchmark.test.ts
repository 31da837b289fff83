import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createRegistry, goldStepRecall, messageText, type Passage, type Trajectory } from "@swirl-ts/core"
import { promptContext, serve, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { createBenchmark } from "./benchmark.ts"
import { dataSet } from "./files.ts"
import beerqa, { type BeerqaTask } from "./index.ts"

const shared = fileURLToPath(new URL("../../../../shared/data/beerqa", import.meta.url))
const host = testHost()
const rome: [string, string] = ["Rome", "Rome is the capital of Italy."]
const italy: [string, string] = ["Italy", "Italy is a country. "]
const record = (id: string, fields: object = {}) => ({
  id,
  src: "hotpotqa",
  answers: ["Rome", "Roma"],
  question: `Question ${id}?`,
  context: [rome, italy],
  ...fields,
})
const official = (...records: unknown[]) => JSON.stringify({ version: "1.0", split: "dev", data: records })

async function fileOf(content: string, name = "data.json"): Promise<string> {
  const file = join(temporaryFolder(), name)
  await writeFile(file, content)
  return file
}

interface Options {
  split?: string
  limit?: number
  shots?: number
  labels?: Record<string, string> | string
}
async function load(
  dataPath: string,
  { split = "dev", limit, shots = 0, labels }: Options = {},
): Promise<BeerqaTask[]> {
  const tasks: BeerqaTask[] = []
  const options = { host, dataPath, ...(limit === undefined ? {} : { limit }) }
  for await (const task of createBenchmark({ shots, labels }).load(split, options)) tasks.push(task)
  return tasks
}

async function passagesOf(task: BeerqaTask): Promise<Passage[]> {
  const passages: Passage[] = []
  for await (const passage of task.corpus.passages()) passages.push(passage)
  return passages
}

describe("loading", () => {
  test("the official object, a JSON array and JSON lines give the same tasks", async () => {
    const records = [record("a"), record("b", { src: "squad" })]
    const tasks = await load(await fileOf(official(...records)))
    expect(tasks.map(({ id, question, answer, source }) => ({ id, question, answer, source }))).toEqual([
      { id: "a", question: "Question a?", answer: "Rome", source: "hotpotqa" },
      { id: "b", question: "Question b?", answer: "Rome", source: "squad" },
    ])
    const lines = records.map((one) => JSON.stringify(one)).join("\r\n")
    for (const other of [JSON.stringify(records, null, 1), lines, `\ufeff${official(...records)}`]) {
      expect((await load(await fileOf(other))).map((task) => task.record)).toEqual(tasks.map((task) => task.record))
    }
  })

  test("test questions have neither answer nor paragraphs; labels name their source", async () => {
    const file = await fileOf(official({ id: "a", question: "Q?" }, { id: "b", question: "R?" }))
    const [first, second] = await load(file, { split: "test", labels: { a: "3+hop" } })
    expect([first!.answer, first!.source, second!.source]).toEqual([undefined, "3+hop", undefined])
    const benchmark = createBenchmark({ shots: 0 })
    expect([benchmark.score(first!, "x"), benchmark.goldSteps!(first!), await passagesOf(first!)]).toEqual([{}, [], []])
    await expect(load(file)).rejects.toThrow('entry 0: "answers" is missing. BeerQA\'s records have')
  })

  test.each([
    [
      official(record("a"), record("b", { answers: "Rome" })),
      /entry 1: "answers" cannot be used: it should be a list, but is the text "Rome"\./,
    ],
    [
      official(record("a", { context: [["Rome", ["a", "b"]]] })),
      /entry 0: "context.0.1" cannot be used: it should be a text, but is a list\./,
    ],
    [official({ _id: "a", question: "Q?", answer: "x" }), /entry 0: "id" is missing/],
    [official(record("a", { question: undefined })), /"question" is missing/],
    [official(7), /entry 0: it is no object/],
    [official(record("a"), record("b"), record("a")), /entry 2: the id a was there before, at .*entry 0/],
    [official(record("a")).slice(0, -4), /data\.json is cut off/],
    [official(), /holds no question/],
  ])("a wrong file is named with the place: %#", async (content, message) => {
    await expect(load(await fileOf(content))).rejects.toThrow(message)
  })

  test("a folder is searched by the official names, also below a folder of all benchmarks", async () => {
    const all = temporaryFolder()
    await mkdir(join(all, "beerqa", "raw"), { recursive: true })
    await writeFile(join(all, "beerqa", "raw", "beerqa_dev_v1.0.json"), official(record("a")))
    await writeFile(join(all, "beerqa", "raw", "beerqa_test_src_labels.json"), "{}")
    expect(await load(all)).toHaveLength(1)
    await expect(load(all, { split: "test" })).rejects.toThrow(/holds no test split of BeerQA/)
    await expect(load(all, { split: "tset" })).rejects.toThrow(/no split "tset".*test/)
  })

  test("a limit stops the stream before later records are read; a question may have ten megabytes", async () => {
    const long = "é".repeat(5_000_000)
    const file = await fileOf(`${official(record("a", { question: long }), record("b"), record("a")).slice(0, -20)}`)
    const tasks = await load(file, { limit: 2 })
    expect(tasks.map(({ id }) => id)).toEqual(["a", "b"])
    expect(tasks[0]!.question).toHaveLength(5_000_000)
    expect(await load(file, { limit: 0 })).toEqual([])
  })

  test("there is one corpus a split: every paragraph once, under an id that content decides", async () => {
    const other: [string, string] = ["Rome", "Another paragraph."]
    const content = official(record("a"), record("b", { context: [rome, other] }))
    const [first, second] = await load(await fileOf(content))
    expect(first!.corpus).toBe(second!.corpus)
    const passages = [
      { title: "Rome", text: "Rome is the capital of Italy." },
      { title: "Italy", text: "Italy is a country." },
      { title: "Rome", text: "Another paragraph." },
    ]
    expect(await passagesOf(first!)).toEqual(passages)
    expect(await passagesOf(first!)).toEqual(passages)
    expect((await load(await fileOf(content, "copy.json")))[0]!.corpus.id).toBe(first!.corpus.id)
    expect((await load(await fileOf(`${content} `)))[0]!.corpus.id).not.toBe(first!.corpus.id)
  })
})

describe("the benchmark", () => {
  const context = (format: string) => promptContext(format, createBenchmark({ shots: 0 }).limits, ["search"])

  test("shows worked examples of train as searches, never the question itself", async () => {
    const both = temporaryFolder()
    await writeFile(join(both, "train.json"), official(record("a"), record("b")))
    await writeFile(join(both, "dev.json"), official(record("c")))
    const benchmark = createBenchmark({ shots: 1 })
    const [task] = await load(both, { shots: 1 })
    for (const format of ["tags", "native"] as const) {
      const turns = benchmark.prompt(task!, context(format)).map(messageText)
      expect(turns[0]).toContain(`(${format} with search)`)
      expect(turns[0]).toMatch(/Question: Question a\?$/)
      expect(turns.slice(1)).toEqual([
        "call Rome",
        "Rome -> Rome: Rome is the capital of Italy.",
        "call Italy",
        "Italy -> Italy: Italy is a country.",
        "Rome",
        "Question: Question c?",
      ])
    }
    const train = await load(both, { shots: 1, split: "train" })
    expect(train.map(({ examples }) => examples.map(({ id }) => id))).toEqual([["b"], ["a"]])
    await expect(load(join(both, "dev.json"), { shots: 1 })).rejects.toThrow(/folder that holds dev and train/)
    const [plain] = await load(both)
    expect(benchmark.prompt(plain!, context("tags"))).toHaveLength(1)
  })

  test("scores an answer with its source, no answer as wrong, and means per source, micro and macro", async () => {
    const benchmark = createBenchmark({ shots: 0 })
    const tasks = await load(await fileOf(official(record("a"), record("b", { src: "squad" }), record("c"))))
    const samples = ["roma", undefined, "Paris"].map((answer, index) => benchmark.score(tasks[index]!, answer))
    expect(samples[0]).toEqual({
      ...{ em: 1, f1: 1, prec: 1, recall: 1 },
      ...{ hotpotqa_em: 1, hotpotqa_f1: 1, hotpotqa_prec: 1, hotpotqa_recall: 1 },
    })
    expect(samples[1]).toMatchObject({ em: 0, squad_f1: 0 })
    const gold_step_recall = 0.5
    const means = benchmark.aggregate!(samples.map((sample) => ({ ...sample, gold_step_recall })))
    expect(means).toMatchObject({ em: 1 / 3, hotpotqa_em: 1 / 2, squad_em: 0, macro_em: 1 / 4, gold_step_recall })
  })

  test("gold steps are the gold titles and paragraphs, seen in search results", async () => {
    const decomposed: [string, string] = ["Cafe\u0301", "A cafe\u0301."]
    const [task] = await load(await fileOf(official(record("a", { context: [rome, italy, decomposed] }))))
    const benchmark = createBenchmark({ shots: 0 })
    expect(benchmark.retrieval!.goldTitles(task!)).toEqual(["Rome", "Italy", "Cafe\u0301"])
    const recall = (...texts: string[]) => {
      const steps = texts.map((text, index) => ({
        ...{ index, kind: "tool", text: "", finishReason: "stop" },
        call: { tool: "search", input: {}, query: "" },
        observation: { text, isError: text.startsWith("error") },
      }))
      return goldStepRecall(benchmark.goldSteps!(task!), { steps } as Pick<Trajectory, "steps">)
    }
    expect(recall("Rome: Rome is the capital of Italy.")).toEqual({
      gold_step_recall: 1 / 3,
      gold_paragraph_recall: 1 / 3,
    })
    expect(recall("[1] Italy: something else\n[2] Caf\u00e9: A caf\u00e9.")).toEqual({
      gold_step_recall: 2 / 3,
      gold_paragraph_recall: 1 / 3,
    })
    expect(recall("error Rome: Rome is the capital of Italy.", "Romeo: x")).toEqual({
      gold_step_recall: 0,
      gold_paragraph_recall: 0,
    })
  })

  test("the plugin offers it by name, with pinned downloads", () => {
    const registry = createRegistry([beerqa()])
    expect(registry.broken).toEqual([])
    const { value, fullName } = registry.resolve("benchmarks", "beerqa")
    expect(fullName).toBe("bench-beerqa/beerqa")
    expect(value).toMatchObject({ evaluationSplit: "dev", splits: ["train", "dev", "test"], primaryMetric: "em" })
    for (const file of Object.values(dataSet.remote)) expect(file).toHaveProperty("sha256")
  })
})

test("fetches every split once from a host, checked by its checksum, and loads from what came", async () => {
  const content = official(record("a"))
  const asked: string[] = []
  const { url } = await serve((request, response) => {
    asked.push(request.url ?? "")
    response.end(content)
  })
  const size = Buffer.byteLength(content)
  const file = (name: string, text = content) => ({
    url: `${url}/${name}.json`,
    sha256: createHash("sha256").update(text).digest("hex"),
    size,
  })
  const own = testHost()
  const files = { train: file("train"), dev: file("dev"), test: file("test") }
  const benchmark = createBenchmark({ remote: files })
  expect((await benchmark.files!.fetch!(own)).files).toHaveLength(3)
  for await (const task of benchmark.load("dev", { host: own })) expect(task.id).toBe("a")
  expect(asked).toEqual(["/train.json", "/dev.json", "/test.json"])
  const other = createBenchmark({ remote: { ...files, train: file("changed", "other content") } })
  await expect(other.files!.fetch!(own)).rejects.toThrow(/changed\.json/)
})

test.skipIf(!existsSync(shared))("the shared train records and test questions load", async () => {
  const train = await load(shared, { split: "train" })
  expect(train).toHaveLength(1000)
  expect(await passagesOf(train[0]!)).toHaveLength(1762)
  const titles = train.map((task) =>
    [task.source, createBenchmark({ shots: 0 }).retrieval!.goldTitles(task).length].join(),
  )
  expect(new Set(titles)).toEqual(new Set(["squad,1", "hotpotqa,2"]))
  const labels = join(shared, "derived/beerqa_test_src_labels.json")
  const questions = await load(shared, { split: "test", labels })
  const counts = Map.groupBy(questions, ({ source }) => source)
  expect(Object.fromEntries([...counts].map(([source, tasks]) => [source, tasks.length]))).toEqual({
    ...{ squad: 8424, hotpotqa: 5978, "3+hop": 530 },
  })
})
