/** Counted by hand: a benchmark of six questions over five passages, searched by words that a reader can count, too. */
import {
  type Benchmark,
  type Corpus,
  createRegistry,
  definePlugin,
  type Passage,
  type Plugin,
  userMessage,
} from "@swirl-ts/core"
import { wilsonInterval } from "@swirl-ts/stats"
import { jsonLines, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { search, searchTool } from "@swirl-ts/tools-search"
import { expect, test } from "vitest"
import { corpusCoverage } from "./coverage.ts"
import { indexCorpus } from "./index-corpus.ts"

const passages: Passage[] = [
  { title: "Oslo", text: "The capital of Norway." },
  { title: "Beyonce\u0301", text: "A singer from Houston." },
  { title: "Tom &amp; Jerry", text: "A cat and a mouse." },
  { title: "Bergen", text: "A harbour city." },
  { title: "The Who", text: "A band of London." },
]
const questions = {
  capital: { question: "Which is the capital of Norway?", gold: ["Oslo"] },
  singer: { question: "Where was the singer from Houston born?", gold: ["Beyoncé"] },
  cat: { question: "Whose capital has a mouse?", gold: ["Tom & Jerry", "Oslo", "Tom_&amp;_Jerry"] },
  robbed: { question: "Is the capital by the fjord?", gold: ["Oslo", "Oslofjord"] },
  steps: { question: "Where is the band from?", gold: ["The Who", "Bergen"] },
  hidden: { question: "Nobody knows?", gold: [] },
}
type Name = keyof typeof questions

const benchmark = (corpus: Benchmark["corpus"], rest: Partial<Benchmark> = {}): Benchmark => ({
  description: "",
  splits: ["test"],
  tools: [{ name: "tools-search/search", options: { count: 1 } }],
  limits: { toolCalls: 2, steps: 3, stepTokens: 9, trajectoryTokens: 99 },
  load: () => Object.entries(questions).map(([id, { question }]) => ({ id, question, answer: "" })),
  prompt: ({ question }) => [userMessage(question)],
  score: () => ({ exact: 1 }),
  primaryMetric: "exact",
  corpus,
  retrieval: { goldTitles: ({ id }) => questions[id as Name].gold },
  ...rest,
})

const whole: Corpus = { id: "towns", passages: () => passages }

function world(benchmarks: Record<string, Benchmark>, tools: Plugin = search()) {
  const workingDirectory = temporaryFolder({
    "fjords.jsonl": jsonLines([
      { title: "Oslo", text: "" },
      { title: "Oslofjord", text: "" },
    ]),
    "untitled.jsonl": jsonLines([{ title: "", text: "The capital of Norway." }]),
  })
  const plugin = definePlugin({ meta: { name: "own", version: "1.0.0", apiVersion: 1 }, benchmarks })
  return {
    registry: createRegistry([tools, plugin]),
    host: testHost({ workingDirectory, log: () => {} }),
    directory: workingDirectory,
    seed: 1,
    concurrency: 1,
  }
}

test("known, held, found and reachable are counted apart, each with its share and Wilson's interval", async () => {
  const coverage = await corpusCoverage(world({ towns: benchmark(() => whole) }), { benchmark: "towns" })
  expect(coverage).toEqual({
    benchmark: "own/towns",
    split: "test",
    corpus: "towns",
    corpora: 1,
    passages: 5,
    retriever: "BM25 in memory, 5 passages",
    // One passage a call, two calls.
    k: 2,
    questions: 6,
    known: 5,
    held: 4,
    // By their own words `capital`, `singer` and `cat`, both of whose passages share a word with it.
    found: 3,
    foundAny: 5,
    reachable: 4,
    shares: {
      known: { value: 5 / 6, ci: wilsonInterval(5, 6) },
      held: { value: 4 / 5, ci: wilsonInterval(4, 5) },
      found: { value: 3 / 5, ci: wilsonInterval(3, 5) },
      foundAny: { value: 1, ci: wilsonInterval(5, 5) },
      reachable: { value: 4 / 5, ci: wilsonInterval(4, 5) },
    },
    missing: [{ id: "robbed", titles: ["Oslofjord"] }],
    unknown: ["hidden"],
  })
})

test("what a question finds by its own words is reachable for it alone, in whichever order questions come", async () => {
  // Four other passages that are called so stand before Bergen under its own name; under the harbour it is the first.
  const crowded: Corpus = {
    id: "crowded",
    passages: () => [1, 2, 3, 4].map((n) => ({ title: `Bergen (${n})`, text: "Bergen" })).concat(passages),
  }
  const asked = [
    { id: "harbour", question: "Which city has a harbour?", answer: "" },
    { id: "norway", question: "Which is the capital of Norway?", answer: "" },
  ]
  for (const tasks of [asked, [...asked].reverse()]) {
    const load = () => tasks
    const own = benchmark(() => crowded, { load, retrieval: { goldTitles: () => ["Bergen"] } })
    const { found, reachable } = await corpusCoverage(world({ own }), { benchmark: "own" })
    expect([found, reachable]).toEqual([1, 1])
  }
})

test("found at k is what `swirl index --evaluate` calls full at k, of the same questions", async () => {
  const context = world({ towns: benchmark(() => whole) })
  const { known, found } = await corpusCoverage(context, { benchmark: "towns", k: 2 })
  const { metrics } = await indexCorpus(context, { corpus: "towns", evaluate: "towns", retriever: "auto" })
  expect(found / known).toBe(metrics!["full@2"]!.value)
})

test("k, limit and ids say what is counted; an id that is not there is refused", async () => {
  const context = world({ towns: benchmark(() => whole) })
  const counts = async (request: object) => {
    const { questions, known, held, found } = await corpusCoverage(context, { benchmark: "towns", ...request })
    return [questions, known, held, found]
  }
  expect(await counts({ k: 1 })).toEqual([6, 5, 4, 2])
  expect(await counts({ limit: 2 })).toEqual([2, 2, 2, 2])
  expect(await counts({ ids: ["robbed", "hidden"] })).toEqual([2, 1, 0, 0])
  await expect(counts({ ids: ["robbed", "gone"] })).rejects.toThrow("Split test of own/towns has no task gone.")
})

test("another corpus in place of the benchmark's own: a file, by name", async () => {
  const context = world({ towns: benchmark(() => whole) })
  const { held, corpus, missing } = await corpusCoverage(context, { benchmark: "towns", corpus: "fjords.jsonl" })
  expect([held, corpus?.startsWith("fjords.jsonl:")]).toEqual([2, true])
  expect(missing.map(({ id }) => id)).toEqual(["singer", "cat", "steps"])
})

test("questions with corpora of their own are each looked for in theirs", async () => {
  const own = benchmark(({ id }) => {
    const { gold } = questions[id as Name]
    const mine = passages.filter(({ title }) => gold.some((wanted) => wanted === title))
    return { id, passages: () => mine }
  })
  const { corpora, corpus, passages: all, held, missing } = await corpusCoverage(world({ own }), { benchmark: "own" })
  expect({ corpora, corpus, all, held }).toEqual({ corpora: 5, corpus: undefined, all: 5, held: 2 })
  expect(missing).toEqual([
    { id: "singer", titles: ["Beyoncé"] },
    { id: "cat", titles: ["Tom & Jerry"] },
    { id: "robbed", titles: ["Oslofjord"] },
  ])
})

test("the search is the benchmark's own: its options, and those that the tool was made with", async () => {
  const own = { towns: benchmark(() => whole, { tools: [{ name: "tools-search/search", options: {} }] }) }
  expect((await corpusCoverage(world(own, search({ count: 3 })), { benchmark: "towns" })).k).toBe(6)
  const backwards = definePlugin({
    meta: { name: "tools-search", version: "1.0.0", apiVersion: 1 },
    tools: { search: searchTool({ retriever: "last" }) },
    retrievers: {
      last: {
        description: "",
        open(_corpus, { options = {} } = {}) {
          expect(options).toEqual({})
          const index = { title: "Bergen", text: "", index: 3, score: 1 }
          return { size: 5, description: "the last", search: () => [index] }
        },
      },
    },
  })
  const { retriever, found, foundAny } = await corpusCoverage(world(own, backwards), { benchmark: "towns" })
  expect({ retriever, found, foundAny }).toEqual({ retriever: "the last", found: 0, foundAny: 1 })
})

test("no passages, no gold titles to know, or no titles at all is a sentence, never a zero", async () => {
  const context = world({
    sums: benchmark(undefined),
    blind: benchmark(() => whole, { retrieval: undefined }),
    towns: benchmark(() => whole),
    odd: benchmark(() => whole, { retrieval: { goldTitles: () => "Oslo" as never } }),
  })
  for (const [request, sentence] of [
    [{ benchmark: "sums" }, /^own\/sums has no passages to search/],
    [{ benchmark: "blind" }, /^own\/blind does not say which passages its answers need/],
    [{ benchmark: "towns", corpus: "untitled.jsonl" }, /^No passage of the corpus untitled\.jsonl:\w+ has a title/],
    [{ benchmark: "odd" }, /^Benchmark own\/odd: goldTitles gave no list of texts for the task capital/],
  ] as const) {
    await expect(corpusCoverage(context, request)).rejects.toThrow(sentence)
  }
})
