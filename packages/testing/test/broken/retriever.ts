import type { Passage, PassageIndex, RankedPassage, Retriever } from "@swirl-ts/core"
import { retrieverChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])

function search(passages: readonly Passage[], query: string, count: number): RankedPassage[] {
  const asked = wordsOf(query)
  return passages
    .map((passage, index) => {
      const words = wordsOf(`${passage.title} ${passage.text}`)
      return { ...passage, index, score: [...asked].filter((word) => words.has(word)).length }
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, count)
}

/** Ranks by how many words of the query a passage has; `change` breaks its index. */
const retriever = (change: (index: PassageIndex) => Partial<PassageIndex> = () => ({})): Retriever => ({
  description: "counts words",
  async open(corpus) {
    const passages: Passage[] = []
    for await (const passage of corpus.passages()) passages.push(passage)
    const index: PassageIndex = { size: passages.length, search: (query, count) => search(passages, query, count) }
    return { ...index, ...change(index) }
  },
})
const found = async (index: PassageIndex, query: string, count: number) => [...(await index.search(query, count))]
let turn = 0

export const retrieverExamples = brokenExamples("retriever", retrieverChecks, [retriever()], {
  "is a retriever that can be loaded": [{ ...retriever(), description: "" }],
  "says how many passages it searches": [retriever(() => ({ size: 0 }))],
  "finds the passage that has the words": [
    retriever((index) => ({
      search: async (query, count) =>
        (await found(index, query, 100)).filter(({ title }) => title !== "Oslo").slice(0, count),
    })),
  ],
  "gives passages of the corpus, each once, best first": [
    retriever((index) => ({
      search: async (query, count) => {
        const [first, ...others] = await found(index, query, count)
        return first?.title === "Bicycle"
          ? [first, { ...first, score: 9 }].slice(0, count)
          : first
            ? [first, ...others]
            : []
      },
    })),
  ],
  "gives no more than were asked for": [
    retriever((index) => ({ search: (query, count) => found(index, query, count === 3 || count === 5 ? count : 100) })),
  ],
  "ranks the same query alike": [
    retriever((index) => ({
      search: async (query, count) => {
        const all = await found(index, query, count)
        return query.startsWith("the long chain") && turn++ % 2 === 0 ? all.slice(1) : all
      },
    })),
  ],
  "answers whatever it is asked": [
    retriever((index) => ({
      search: (query, count) => {
        if (query.includes("\u0000")) throw new Error("a null character")
        return index.search(query, count)
      },
    })),
  ],
  "finds nothing in a corpus without passages": [
    retriever((index) => ({
      search: async (query, count) =>
        index.size === 0 ? [{ title: "", text: "", index: 0, score: 1 }] : found(index, query, count),
    })),
  ],
  "ends when its signal is aborted": [
    retriever((index) => ({
      search: async (query, count, options) => {
        if (options?.abortSignal) await new Promise((resolve) => setTimeout(resolve, 3_000))
        return index.search(query, count)
      },
    })),
  ],
})
