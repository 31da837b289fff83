import { createRegistry, definePlugin, type Passage } from "@swirl-ts/core"
import { jsonLines, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import type { Progress } from "../context.ts"
import { evaluateRankings, indexCorpus } from "./index-corpus.ts"
import { searchCorpus } from "./search-corpus.ts"

const passages = ["oslo", "bergen", "molde"].map((title) => ({ title, text: `The mayor of ${title} is Kai.` }))
const questions = [
  { question: "bergen", gold_titles: ["bergen"] },
  { question: "bergen", gold_titles: ["bergen"] },
  { question: "nowhere", gold_titles: ["oslo"] },
  { question: "oslo", gold_titles: [] },
]

/** A folder with a corpus and questions, and a retriever that finds by title alone. */
function world() {
  const opened: { options?: object; closed: number } = { closed: 0 }
  const plugin = definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    retrievers: {
      titles: {
        description: "",
        async open(corpus, { options, onProgress } = {}) {
          opened.options = options
          const all: Passage[] = await Array.fromAsync(corpus.passages())
          onProgress?.({ stage: "read", done: all.length })
          return {
            size: all.length,
            search(query, count) {
              if (query === "") throw new Error("no query")
              const found = all.flatMap((passage, index) =>
                passage.title === query ? [{ ...passage, index, score: 1 }] : [],
              )
              return found.slice(0, count)
            },
            close: () => void opened.closed++,
          }
        },
      },
    },
  })
  const log: string[] = []
  const progress: Progress[] = []
  const workingDirectory = temporaryFolder({
    "corpus.jsonl": `${jsonLines(passages)}{half`,
    "questions.jsonl": jsonLines(questions),
    "rankings.csv":
      "question,gold_titles,retrieved_titles,setting\nWho?,oslo,oslo | molde,own\nWho?,oslo,molde,other\n",
  })
  const context = {
    registry: createRegistry([plugin]),
    host: testHost({ workingDirectory, log: (line) => log.push(line) }),
    directory: workingDirectory,
    seed: 1,
    concurrency: 1,
    onProgress: (each: Progress) => progress.push(each),
  }
  return { context, opened, log, progress }
}
const request = { corpus: "corpus.jsonl", retriever: "titles", mode: "text" } as const

test("an index is opened, evaluated on each question once, and closed; what was left out is said", async () => {
  const { context, opened, log, progress } = world()
  const made = await indexCorpus(context, { ...request, evaluate: "questions.jsonl" })
  expect(made).toMatchObject({
    passages: 3,
    retriever: "titles",
    skipped: 1,
    questions: 2,
    withoutGold: 1,
    repeated: 1,
  })
  expect(made.metrics?.["full@2"]?.value).toBe(0.5)
  expect(made.milliseconds!.p95).toBeGreaterThanOrEqual(made.milliseconds!.p50)
  expect(opened).toEqual({ options: { mode: "text" }, closed: 1 })
  expect(log).toEqual([
    "Left out 1 question without gold titles.",
    "Left out 1 question that stood there before, with the same gold titles.",
    "Left out 1 line that is no passage: line 4: not JSON",
  ])
  expect(progress).toEqual([
    { stage: "read", done: 3 },
    { stage: "questions", done: 1, total: 2 },
    { stage: "questions", done: 2, total: 2 },
  ])
})

test("an index is closed without questions, too, and where a search fails", async () => {
  const { context, opened } = world()
  expect((await indexCorpus(context, request)).metrics).toBeUndefined()
  expect(opened.closed).toBe(1)
  await expect(searchCorpus(context, { ...request, query: "", count: 1 })).rejects.toThrow("no query")
  expect(opened.closed).toBe(2)
})

test("a search gives passages with rank, place and score", async () => {
  const { context } = world()
  const found = await searchCorpus(context, { ...request, query: "bergen", count: 2 })
  expect(found).toMatchObject({ size: 3, skipped: 1, query: "bergen" })
  expect(found.passages).toEqual([{ rank: 1, index: 1, score: 1, ...passages[1] }])
})

test("rankings that a file brings along are evaluated and nothing is opened, but the corpus has to be there", async () => {
  const { context, opened } = world()
  const rankings = { corpus: "corpus.jsonl", evaluate: "rankings.csv", rankings: "own" }
  expect(await evaluateRankings(context, rankings)).toMatchObject({
    rankings: "rankings.csv",
    setting: "own",
    questions: 1,
    metrics: { "mrr@10": { value: 1 } },
  })
  expect(opened.options).toBeUndefined()
  await expect(evaluateRankings(context, { ...rankings, corpus: "absent.jsonl" })).rejects.toThrow(/There is no file/)
})

test("weights are for two rankings, and an embedder that is not used is said", async () => {
  const { context, log } = world()
  const weighed = indexCorpus(context, { ...request, textWeight: 2 })
  await expect(weighed).rejects.toThrow(/weigh the two rankings of --mode hybrid, not text/)
  await indexCorpus(context, { ...request, embedder: "openai:x" })
  expect(log[0]).toBe("--mode text ranks by words: openai:x is not used.")
})
