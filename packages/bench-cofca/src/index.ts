/** `cofca(options)`: the plugin with the benchmark `cofca`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { cofcaBenchmark } from "./benchmark.ts"

export { type BenchmarkSettings, cofcaBenchmark } from "./benchmark.ts"
export { fixtureFiles } from "./files.ts"
export { predictionFile } from "./predictions.ts"
export { bits, jointScores } from "./reasoning-chain.ts"
export { type CofcaRecord, RecordSchema, uniqueIds } from "./record.ts"
export { chainMetrics, scoreFiles } from "./score-files.ts"
export type { CofcaTask } from "./task.ts"

const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(4).default(0),
})
export type CofcaOptions = z.input<typeof OptionsSchema>

export function cofca(options: CofcaOptions = {}) {
  const settings = readOptions("benchmark cofca", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-cofca", version: "0.1.0", apiVersion: 1 },
    benchmarks: { cofca: cofcaBenchmark(settings) },
  })
}

export default cofca
