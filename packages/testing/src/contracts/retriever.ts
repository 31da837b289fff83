/** The Retriever contract: passages of the corpus, best first, the same ones each time, and no more than were asked for. */
import type { Corpus, PassageIndex, RankedPassage, Retriever, RetrieverContext } from "@swirl-ts/core"
import { at, type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { endsAborted, grace } from "../checks/ends.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { corpusOf, sampleEmbedder, samplePassages, sampleQueries } from "../data/corpus.ts"
import { checkHost } from "../data/host.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"

export interface RetrieverChecks extends CheckOptions {
  /** The retriever's own options. */
  options?: Readonly<Record<string, unknown>>
  /** What it may use beside them. Default: a host of its own, and an embedder that knows the words. */
  context?: RetrieverContext
}

/** Tests a retriever. */
export function testRetriever(retriever: Retriever, options: RetrieverChecks & TestOptions = {}): void {
  register(`retriever ${options.name ?? defaultName}`, retrieverChecks(retriever, options), options)
}

const defaultName = "retriever"
const corpus = corpusOf("checked-passages", samplePassages)

/** The checks of `testRetriever`. */
export function retrieverChecks(retriever: Retriever, options: RetrieverChecks = {}): Check[] {
  const { name = defaultName } = options
  const subject = `The retriever ${name}`
  assertOptions(subject, options, { options: true, context: true })
  const use = async <T>(work: (index: PassageIndex) => T | Promise<T>, over: Corpus = corpus): Promise<T> => {
    const context = { host: checkHost(), openEmbedder: async () => sampleEmbedder, ...options.context }
    const index = await retriever.open(over, { ...context, options: { ...options.options, ...context.options } })
    try {
      return await work(index)
    } finally {
      await index.close?.()
    }
  }
  const behaviours: Behaviours = {
    "is a retriever that can be loaded": () => assertShape("retrievers", subject, options.name, retriever),
    "says how many passages it searches": () =>
      use(({ size }) => {
        if (size !== samplePassages.length) fail(`its index of ${samplePassages.length} passages has the size ${size}.`)
      }),
    "finds the passage that has the words": () =>
      use(async (index) => {
        for (const { query, index: wanted } of sampleQueries) {
          const [first] = await index.search(query, 3)
          if (first?.index === wanted) continue
          fail(
            `for "${query}" it finds ${first ? shown(first.text) : "nothing"} first, in place of ${shown(samplePassages[wanted]!.text)}.`,
          )
        }
      }),
    "gives passages of the corpus, each once, best first": () =>
      use(async (index) => {
        for (const { query } of sampleQueries) assertRanking(await index.search(query, 5), query)
      }),
    "gives no more than were asked for": () =>
      use(async (index) => {
        for (const count of [1, 2, 100]) {
          const found = await index.search("the capital of a volcano and a bicycle", count)
          if (found.length > count) fail(`asked for ${count} it gives ${found.length} passages.`)
        }
      }),
    "ranks the same query alike": async () => {
      const ranked = () =>
        use(async (index) => {
          const all = [
            await index.search("the long chain of a play", 5),
            await index.search("the long chain of a play", 5),
          ]
          return all.map((found) => JSON.stringify(found.map(({ index: place }) => place)))
        })
      const rankings = new Set([...(await ranked()), ...(await ranked())])
      if (rankings.size > 1) fail(`the same query gives passages ${[...rankings].join(" and ")}.`)
    },
    "answers whatever it is asked": () =>
      use(async (index) => {
        for (const [what, query] of hostileAndHuge) {
          assertRanking(await at(what, () => index.search(query, 3)), query)
        }
      }),
    "finds nothing in a corpus without passages": () =>
      use(
        async (index) => {
          const found = await index.search("anything", 3)
          if (found.length > 0) fail(`a corpus without passages gives ${shown(found)}.`)
        },
        corpusOf("checked-no-passages", []),
      ),
    "ends when its signal is aborted": () =>
      use(async (index) => {
        if ((await endsAborted((abortSignal) => index.search("the capital", 3, { abortSignal }))) === "late") {
          fail(
            `a search goes on for more than ${grace / 1000} s after its signal was aborted. Hand on \`abortSignal\`.`,
          )
        }
      }),
  }
  return checksOf(subject, behaviours, options)
}

function assertRanking(found: readonly RankedPassage[], query: string): void {
  const seen = new Set<number>()
  found.forEach(({ index, title, text, score }, place) => {
    const passage = samplePassages[index]
    if (passage?.text !== text || passage.title !== title) {
      fail(
        `for ${shown(query)} it gives ${shown({ index, title, text })}; passage ${index} of the corpus is ${shown(passage)}.`,
      )
    }
    if (seen.has(index)) fail(`for ${shown(query)} it gives passage ${index} twice.`)
    seen.add(index)
    if (!Number.isFinite(score)) fail(`for ${shown(query)} the score of passage ${index} is ${score}.`)
    if (place > 0 && score > found[place - 1]!.score) {
      fail(`for ${shown(query)} passage ${index} (score ${score}) stands after one with ${found[place - 1]!.score}.`)
    }
  })
}
