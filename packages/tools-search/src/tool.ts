/**
 * The search tool. As it stands it has nothing to search; `bind` gives it a task's passages.
 * Each bound tool belongs to one trajectory: what it remembers of earlier queries is nobody else's.
 */
import {
  type Corpus,
  type Host,
  type PassageIndex,
  type RankedPassage,
  type RetrieverContext,
  SwirlError,
  type Tool,
  type ToolContext,
} from "@swirl-ts/core"
import { z } from "zod"
import { queryTerms } from "./analysis.ts"
import { createIndexCache } from "./index-cache.ts"
import { rankingSettings, readSearchOptions, type SearchOptions, type SearchSettings } from "./options.ts"
import { resultKeys } from "./result-keys.ts"
import { ownRetrievers } from "./retriever.ts"

/** In UTF-16 units. */
const longestQuery = 1000

const inputSchema = z.object({
  query: z
    .string()
    .max(longestQuery, `the query is longer than ${longestQuery} characters; search for a few words`)
    .describe("what to look for: names and content words"),
})
type Input = z.output<typeof inputSchema>

export type SearchTool = Tool<Input> & { bind(context: ToolContext): Promise<SearchTool> }
type SearchOutput = string | { isError: true; output: string } | { nothingFound: true; output: string }

/** One tool with its own cache of `indexes` indexes. */
export function searchTool(options: SearchOptions = {}, indexes = 256): SearchTool {
  const defaults = readSearchOptions(options)
  const cache = createIndexCache(indexes)
  const unbound: SearchTool = {
    description: "Search the passages of this task; the best match comes back.",
    inputSchema,
    tag: { name: "search_query", argument: "query" },
    needsCorpus: true,
    isRepeatable: true,
    resultKeys: (text, options) => resultKeys(text, readSearchOptions(defaults, options)),
    passageSearch(options) {
      const settings = readSearchOptions(defaults, options)
      const { retriever, count } = settings
      // Retrievers of others are asked without these.
      return { retriever, count, options: isOwn(retriever) ? rankingSettings(settings) : {} }
    },
    execute() {
      throw new SwirlError(
        "there are no passages to search: the search tool has to be bound to a corpus. Use it with a benchmark that has one, or call bind({ corpus, options: {} }).",
      )
    },
    async bind(context) {
      const settings = readSearchOptions(defaults, context.options)
      if (!context.corpus) return unbound
      const answer = searcher(await open(context.corpus, settings, context), settings)
      return {
        ...unbound,
        async execute(input, { abortSignal }) {
          abortSignal?.throwIfAborted()
          return answer(input.query, abortSignal)
        },
      }
    },
  }
  const open = (corpus: Corpus, settings: SearchSettings, context: ToolContext): Promise<PassageIndex> => {
    const { host, openEmbedder, openRetriever, abortSignal } = context
    const watching = {
      ...(host ? { onProgress: slowProgress(host) } : {}),
      abortSignal,
    }
    if (isOwn(settings.retriever)) {
      const services = { host, openEmbedder }
      return cache.get(corpus, settings, { ...services, ...watching }, openRetriever)
    }
    if (!openRetriever) throw new SwirlError(`Nothing here can open the retriever ${settings.retriever}.`)
    return openRetriever(settings.retriever, corpus, watching)
  }
  return unbound
}

const isOwn = (retriever: string): boolean => ownRetrievers.some((name) => name === retriever)

/** A line on what takes longer than five seconds, and every five seconds from then on. */
function slowProgress(host: Host): NonNullable<RetrieverContext["onProgress"]> {
  let last = performance.now()
  return ({ stage, done, total }) => {
    if (performance.now() - last < 5000) return
    last = performance.now()
    host.log(`${stage}: ${done}${total === undefined ? "" : ` of ${total}`}`)
  }
}

function searcher(index: PassageIndex, settings: SearchSettings) {
  const asked = new Set<string>()
  const shown = new Set<number>()
  const problem = (text: string): SearchOutput => ({ isError: true, output: `error: ${text}` })
  return async (query: string, abortSignal?: AbortSignal): Promise<SearchOutput> => {
    const words = query.trim().replace(/\s+/g, " ")
    if (words === "") return problem("the query is empty; write what to look for")
    if (settings.mode !== "vector" && queryTerms(words).length === 0) {
      return problem(`"${words}" has no word to search for; use names and content words`)
    }
    const key = words.toLowerCase()
    if (settings.repeats === "refuse" && asked.has(key)) {
      return problem(`"${words}" was searched before; search for something else, or answer`)
    }
    const count = settings.count + (settings.seen === "skip" ? shown.size : 0)
    const matching = await index.search(words, count, { abortSignal })
    // What failed was not searched: it may be asked again.
    asked.add(key)
    const found = settings.seen === "skip" ? matching.filter((passage) => !shown.has(passage.index)) : matching
    const first = found.slice(0, settings.count)
    for (const passage of first) shown.add(passage.index)
    if (first.length) return formatPassages(first, settings.format, settings.maxCharacters)
    const output = matching.length
      ? `Every passage that matches "${words}" was shown before; search for something else, or answer.`
      : `No passage matches "${words}".`
    return { nothingFound: true, output }
  }
}

/** One passage as it is, several numbered, one a line. Texts longer than `maxCharacters` (0: no limit) are cut between words. */
function formatPassages(
  passages: readonly RankedPassage[],
  format: SearchSettings["format"],
  maxCharacters = 0,
): string {
  const texts = passages.map((passage) => {
    const { title } = passage
    const text = cut(passage.text, maxCharacters)
    return format === "text" || title === "" ? text : text === "" ? title : `${title}: ${text}`
  })
  return texts.length === 1 ? texts[0]! : texts.map((text, i) => `[${i + 1}] ${text}`).join("\n")
}

/** Characters are code points: none is cut in two. A first word that is too long itself is cut inside. */
function cut(text: string, most: number): string {
  if (most === 0 || text.length <= most) return text
  const characters = [...text.slice(0, 2 * most + 1)]
  if (characters.length <= most) return text
  const kept = characters.slice(0, most).join("")
  const whole = /\s/.test(characters[most]!) ? kept : kept.replace(/\s+\S*$/, "")
  return `${(whole || kept).trimEnd()}…`
}
