/** `hotpotqa(options)`: the plugin with the benchmarks `hotpotqa` (distractor) and `hotpotqa-fullwiki`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { hotpotBenchmark } from "./benchmark.ts"

export { type BenchmarkSettings, hotpotBenchmark } from "./benchmark.ts"
export { officialFiles, type Setting, type Split, splits } from "./files.ts"
export { predictionFile } from "./predictions.ts"
export { type HotpotRecord, readRecord } from "./record.ts"
export { scoreFiles } from "./score-files.ts"
export type { HotpotTask } from "./task.ts"

const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(100).default(0),
  /** Only questions of these levels. */
  levels: z
    .array(z.enum(["easy", "medium", "hard"]))
    .min(1)
    .optional(),
  /** A file of `{title, text}` records to search in place of the split's own paragraphs. */
  corpus: z.string().min(1).optional(),
})
export type HotpotOptions = z.input<typeof OptionsSchema>

export function hotpotqa(options: HotpotOptions = {}) {
  const settings = readOptions("benchmark hotpotqa", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-hotpotqa", version: "0.1.0", apiVersion: 1 },
    benchmarks: {
      hotpotqa: hotpotBenchmark("distractor", settings),
      "hotpotqa-fullwiki": hotpotBenchmark("fullwiki", settings),
    },
  })
}

export default hotpotqa
