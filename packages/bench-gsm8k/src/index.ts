/** `gsm8k(options)`: the plugin with the benchmark `gsm8k`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { gsm8kBenchmark } from "./benchmark.ts"

export { accuracy, onlyNumber } from "./accuracy.ts"
export { type BenchmarkSettings, gsm8kBenchmark } from "./benchmark.ts"
export { hubFiles } from "./files.ts"
export { INVALID, type Reading, type ReadingName, readAll, readingNames, readings } from "./readings.ts"
export { scoreFiles } from "./score-files.ts"
export { type Gsm8kTask, notedValues, type Row, RowSchema } from "./task.ts"

const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(100).default(0),
})
export type Gsm8kOptions = z.input<typeof OptionsSchema>

export function gsm8k(options: Gsm8kOptions = {}) {
  const settings = readOptions("benchmark gsm8k", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-gsm8k", version: "0.1.0", apiVersion: 1 },
    benchmarks: { gsm8k: gsm8kBenchmark(settings) },
  })
}

export default gsm8k
