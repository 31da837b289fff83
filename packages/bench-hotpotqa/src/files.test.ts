import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { serve, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { context, fileOf, hubRecord, load, passages, plain, record } from "../test/made-up.ts"
import { createBenchmark } from "./index.ts"

describe("loading", () => {
  test("official and Hugging Face schema, array, lines and Parquet give the same tasks", async () => {
    const official = await load(fileOf([record("a"), record("b")]))
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
    const hub = await load(fileOf([hubRecord("a"), hubRecord("b")]))
    const lines = await load(fileOf([record("a"), record("b")].map((r) => JSON.stringify(r)).join("\n")))
    expect(plain(hub)).toEqual(plain(official))
    expect(plain(lines)).toEqual(plain(official))
    const parquet = fileURLToPath(new URL("../fixtures/two.parquet", import.meta.url))
    expect(plain(await load(parquet))).toEqual(plain(official))
  })

  test("a folder is searched as the official host, the hub and samples name files", async () => {
    const folder = temporaryFolder({
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
    const two = fileOf(`${JSON.stringify(record("a", { level: "easy" }))}\n${JSON.stringify(record("b"))}\nbroken`)
    expect(await load(two, { limit: 2 })).toHaveLength(2)
    expect((await load(two, { limit: 1, levels: ["medium", "hard"] })).map(({ id }) => id)).toEqual(["b"])
    const { answer: _answer, supporting_facts: _facts, ...hidden } = record("t")
    const [task] = await load(fileOf([hidden]), { setting: "fullwiki", split: "test" })
    const benchmark = createBenchmark("fullwiki")
    expect(benchmark.score(task!, "Rome")).toEqual({})
    expect([benchmark.goldSteps!(task!), benchmark.retrieval!.goldTitles(task!)]).toEqual([[], []])
  })

  test.each([
    [[record("a"), 3], /entry 1: it is no object\. HotpotQA/],
    [[record("a", { _id: undefined })], /entry 0: "_id" is missing\. .* \(Hugging Face: id\)/],
    [[record("a", { context: undefined })], /entry 0: "context" is missing/],
    [[record("a", { question: 3 })], /"question" cannot be used: it should be a text, but is the number 3\. HotpotQA/],
    [
      [record("a", { context: ["Rome is a city."] })],
      /"context.0" cannot be used: it should be a list, but is the text "Rome is a city\."/,
    ],
    [[record("a", { context: [["Rome", "Rome is a city."]] })], /"context.0.1" cannot be used/],
    [[record("a", { supporting_facts: [["Rome", "0"]] })], /"supporting_facts.0.1" cannot be used/],
    [
      [record("a", { context: { title: ["Rome"] } })],
      /"context" is an object without the lists "title" and "sentences"/,
    ],
    [[record("a", { context: { title: ["Rome"], sentences: [] } })], /"context" has 1 titles but 0 entries/],
    [[record("a"), record("b"), record("a")], /entry 2: the id a was there before, at .*entry 0/],
    [
      JSON.stringify(
        { version: "1.0", data: [{ id: "a", src: "squad", answers: ["x"], question: "q", context: [["t", "x"]] }] },
        null,
        2,
      ),
      /entry 0: "context.0.1" cannot be used: .*\. It has "answers", so it may be a BeerQA file\.$/,
    ],
    [
      [{ id: "2hop__1_2", question: "q", paragraphs: [], answer: "x" }],
      /entry 0: "context" is missing\. .* It has "paragraphs", so it may be a MuSiQue file\.$/,
    ],
    ["[]", /holds no question/],
    [" \n", /\/data\.txt is empty/],
    [`[${JSON.stringify(record("a"))},`, /data\.txt/],
  ])("broken record %# is named with place and field", async (content, message) => {
    await expect(load(fileOf(content))).rejects.toThrow(message)
  })
})

test("without a path, a split comes from its host, once", async () => {
  let requests = 0
  const { url } = await serve((_request, response) => {
    requests++
    response.end(JSON.stringify([record("remote")]))
  })
  const benchmark = createBenchmark("distractor", { remote: { dev: { url: `${url}/dev.json` } } })
  const own = testHost()
  const { files } = await benchmark.files!.fetch!(own)
  expect(files).toHaveLength(1)
  const ids: string[] = []
  for await (const { id } of benchmark.load("dev", { host: own })) ids.push(id)
  expect([ids, requests]).toEqual([["remote"], 1])
  const train = benchmark.load("train", { host: own })[Symbol.asyncIterator]()
  await expect(train.next()).rejects.toThrow(/no public download of HotpotQA's train split/)
})

describe("the corpus", () => {
  test("is all paragraphs of the split, equal ones once, whatever the limit; equal files share its id", async () => {
    const records = [record("a"), record("b", { context: [...context, ["Rome", ["Another Rome."]]] })]
    const [task] = await load(fileOf(records), { limit: 1 })
    const all = await passages(task!)
    expect(all.map(({ title }) => title)).toEqual(["Rome", "Tiber", "Oslo", "Rome"])
    expect(all[0]).toEqual({ title: "Rome", text: "Rome is a city. It has seven hills." })
    expect(await passages(task!)).toEqual(all)
    const again = await load(fileOf(records))
    const other = await load(fileOf(records.slice(0, 1)))
    expect(new Set(again.map(({ corpus }) => corpus.id))).toEqual(new Set([task!.corpus.id]))
    expect(other[0]!.corpus.id).not.toBe(task!.corpus.id)
  })

  test("may be another file of passages", async () => {
    const own = '{"title":"T","text":"x"}\n{"title":"U"}\n{"title":"T","text":"x"}\n'
    const folder = temporaryFolder({ "dev.json": [record("a")], "own.jsonl": own, bad: "{}\n{}" })
    const [task] = await load(join(folder, "dev.json"), { corpus: join(folder, "own.jsonl") })
    expect(await passages(task!)).toEqual([{ title: "T", text: "x" }])
    expect(task!.corpus.skipped?.()).toEqual({ count: 1, lines: ["line 2: no text"] })
    // The hash of the file's bytes and a zero byte: indexes that are stored are found again.
    expect(task!.corpus.id).toBe(`passages-${createHash("sha256").update(`${own}\0`).digest("hex").slice(0, 32)}`)
    const [bad] = await load(join(folder, "dev.json"), { corpus: join(folder, "bad") })
    await expect(passages(bad!)).rejects.toThrow(/has 0 passages and 2 lines that are none \(line 1: no text/)
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
    const benchmark = createBenchmark(setting)
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
