/** Settings of the search tool: given to `search(…)` for all tasks, or by a benchmark for its own; the benchmark's win. */
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"

const SearchOptionsSchema = z.strictObject({
  /** Passages shown a query; the paper shows one. */
  count: z.int().min(1).max(100).default(1),
  /** `title-text`: `Title: text`. `text`: the text alone, where it names its subject anyway. */
  format: z.enum(["title-text", "text"]).default("title-text"),
  /** Longest text of a passage that is shown, in characters, cut between words and marked by `…`; 0 shows all of it. */
  maxCharacters: z.int().min(0).default(0),
  /** A passage that this conversation has seen before: `allow` shows it again, `skip` shows the next ones instead. */
  seen: z.enum(["allow", "skip"]).default("allow"),
  /**
   * `auto`: BM25 of this package, vectors exactly up to `memoryPassages` passages and by LanceDB beyond; `bm25`: BM25 and
   * exact vectors whatever the size; `lancedb`: LanceDB for both; any other name: a retriever of another plugin.
   */
  retriever: z.string().min(1).default("auto"),
  /** What ranks passages: words, vectors, or both by reciprocal rank fusion. */
  mode: z.enum(["text", "vector", "hybrid"]).default("text"),
  /** `provider:model`, e.g. `openai:text-embedding-3-small`; needed for vectors. */
  embedder: z.string().min(1).optional(),
  /** Weights of both rankings in `hybrid`. */
  textWeight: z.number().min(0).default(1),
  vectorWeight: z.number().min(0).default(1),
  /** The constant of reciprocal rank fusion. */
  rankConstant: z.number().min(0).default(60),
  /** Larger corpora are indexed on disk, in the host's cache. */
  memoryPassages: z.int().min(0).default(20_000),
  /** A query asked before in the same trajectory: `allow` answers it again, `refuse` says that it was asked. */
  repeats: z.enum(["allow", "refuse"]).default("allow"),
  /** BM25: how fast repeats of a term stop counting. */
  k1: z.number().min(0).max(10).default(1.2),
  /** BM25: how much long passages are held back. */
  b: z.number().min(0).max(1).default(0.75),
  /** How often a term in the title counts; 0 leaves titles out. */
  titleWeight: z.number().min(0).max(100).default(2),
})

export type SearchOptions = z.input<typeof SearchOptionsSchema>
export type SearchSettings = z.output<typeof SearchOptionsSchema>

export const readSearchOptions = (...layers: readonly unknown[]): SearchSettings =>
  readOptions("tool search", SearchOptionsSchema, ...layers)

/** Those that decide what is ranked and how, not what is shown of it. */
export function rankingSettings(settings: SearchSettings) {
  const { count, format, maxCharacters, repeats, seen, ...ranking } = settings
  return ranking
}
