/**
 * The search tool. As it stands it has nothing to search; `bind` gives it a task's passages.
 * Each bound tool belongs to one trajectory: what it remembers of earlier queries is nobody else's.
 */
import { type RankedPassage, SwirlError, type Tool, type ToolContext } from "@swirl-ts/core"
import { z } from "zod"
import { analyse } from "./analysis.ts"
import type { Bm25Index } from "./bm25.ts"
import { readOptions, type SearchOptions, type SearchSettings } from "./options.ts"
import { createIndexCache } from "./retriever.ts"

/** Longest query, in UTF-16 units. */
export const QUERY_LIMIT = 1000

const inputSchema = z.object({
  query: z
    .string()
    .max(QUERY_LIMIT, `the query is longer than ${QUERY_LIMIT} characters; search for a few words`)
    .describe("what to look for: names and content words"),
})
type Input = z.output<typeof inputSchema>

export type SearchTool = Tool<Input> & { bind(context: ToolContext): Promise<SearchTool> }
export type SearchOutput = string | { isError: true; output: string }

/** One tool with its own cache of `indexes` indexes. */
export function searchTool(options: SearchOptions = {}, indexes = 256): SearchTool {
  const defaults = readOptions(options)
  const cache = createIndexCache(indexes)
  const unbound: SearchTool = {
    description: "Search the passages of this task; the best match comes back.",
    inputSchema,
    tag: { name: "search_query", argument: "query" },
    execute() {
      throw new SwirlError(
        "there are no passages to search: the search tool has to be bound to a corpus. Use it with a benchmark that has one, or call bind({ corpus, options: {} }).",
      )
    },
    async bind(context) {
      const settings = readOptions({ ...defaults, ...context.options })
      if (!context.corpus) return unbound
      const index = await cache.get(context.corpus, settings)
      const answer = searcher(index, settings)
      return {
        ...unbound,
        execute(input, { abortSignal }) {
          abortSignal?.throwIfAborted()
          return answer(input.query)
        },
      }
    },
  }
  return unbound
}

function searcher(index: Bm25Index, settings: SearchSettings): (query: string) => SearchOutput {
  const asked = new Set<string>()
  const problem = (text: string): SearchOutput => ({ isError: true, output: `error: ${text}` })
  return (query) => {
    const words = query.trim().replace(/\s+/g, " ")
    if (words === "") return problem("the query is empty; write what to look for")
    if (analyse(words).length === 0) {
      return problem(`"${words}" has no word to search for; use names and content words`)
    }
    if (settings.repeats === "refuse") {
      const key = words.toLowerCase()
      if (asked.has(key)) return problem(`"${words}" was searched before; search for something else, or answer`)
      asked.add(key)
    }
    const found = index.search(words, settings.count)
    return found.length ? formatPassages(found, settings.format) : `No passage matches "${words}".`
  }
}

/** One passage as it is, several numbered, one a line. */
export function formatPassages(passages: readonly RankedPassage[], format: SearchSettings["format"]): string {
  const texts = passages.map(({ title, text }) =>
    format === "text" || title === "" ? text : text === "" ? title : `${title}: ${text}`,
  )
  return texts.length === 1 ? texts[0]! : texts.map((text, i) => `[${i + 1}] ${text}`).join("\n")
}
