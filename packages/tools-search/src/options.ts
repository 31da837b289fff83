/** Settings of the search tool: given to `search(…)` for all tasks, or by a benchmark for its own; the benchmark's win. */
import { SwirlError } from "@swirl-ts/core"
import { z } from "zod"

export const SearchOptionsSchema = z.strictObject({
  /** Passages shown a query; the paper shows one. */
  count: z.int().min(1).max(100).default(1),
  /** `title-text`: `Title: text`. `text`: the text alone, where it names its subject anyway. */
  format: z.enum(["title-text", "text"]).default("title-text"),
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

/** Throws a SwirlError that names the option. */
export function readOptions(options: unknown): SearchSettings {
  const result = SearchOptionsSchema.safeParse(options)
  if (result.success) return result.data
  const issues = result.error.issues.map((issue) => `${issue.path.join(".") || "options"}: ${issue.message}`)
  const known = Object.keys(SearchOptionsSchema.shape).join(", ")
  throw new SwirlError(`The search tool cannot use these options: ${issues.join("; ")}. Its options are ${known}.`, {
    kind: "usage",
  })
}
