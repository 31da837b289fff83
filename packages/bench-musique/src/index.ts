/** `musique(options)`: the plugin with the benchmarks `musique` (Answerable) and `musique-full`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { musiqueBenchmark } from "./benchmark.ts"

export { type BenchmarkSettings, type Kind, musiqueBenchmark } from "./benchmark.ts"
export { supportF1 } from "./official-scores.ts"
export { type PredictedSample, predictionFile } from "./prediction-file.ts"
export { type MusiqueRecord, type Paragraph, RecordSchema } from "./record.ts"
export { scoreFiles } from "./score-files.ts"
export { syntheticTwins } from "./synthetic.ts"
export type { MusiqueTask } from "./task.ts"

const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(20).default(0),
  /** Also the benchmark `musique-synthetic`: labelled unanswerable twins made from MuSiQue-Ans. */
  syntheticFull: z.boolean().default(false),
  /** Seed of those twins. */
  seed: z.int().min(0).default(0),
})
export type MusiqueOptions = z.input<typeof OptionsSchema>

export function musique(options: MusiqueOptions = {}) {
  const { syntheticFull, ...settings } = readOptions("benchmark musique", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-musique", version: "0.1.0", apiVersion: 1 },
    benchmarks: {
      musique: musiqueBenchmark({ kind: "answerable", ...settings }),
      "musique-full": musiqueBenchmark({ kind: "full", ...settings }),
      ...(syntheticFull ? { "musique-synthetic": musiqueBenchmark({ kind: "synthetic", ...settings }) } : {}),
    },
  })
}

export default musique
