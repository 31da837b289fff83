/** `beerqa(options)`: the plugin with the benchmark `beerqa`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { beerqaBenchmark } from "./benchmark.ts"

export { type BenchmarkSettings, beerqaBenchmark } from "./benchmark.ts"
export { officialFiles, type Split } from "./files.ts"
export { type Labels, readLabels } from "./labels.ts"
export { predictionFile } from "./predictions.ts"
export type { BeerRecord, Paragraph } from "./record.ts"
export { scoreFiles } from "./score-files.ts"
export type { BeerTask } from "./task.ts"

const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(100).default(0),
  /** Sources by question id, `{ id: "3+hop" }`, or the path of a JSON file of them, for questions that name none. */
  labels: z.union([z.string().min(1), z.record(z.string(), z.string().min(1))]).optional(),
})
export type BeerqaOptions = z.input<typeof OptionsSchema>

export function beerqa(options: BeerqaOptions = {}) {
  const settings = readOptions("benchmark beerqa", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-beerqa", version: "0.1.0", apiVersion: 1 },
    benchmarks: { beerqa: beerqaBenchmark(settings) },
  })
}

export default beerqa
