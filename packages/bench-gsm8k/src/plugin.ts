/** `gsm8k(options)`: the plugin with the benchmark `gsm8k`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import { createBenchmark, OptionsSchema } from "./benchmark.ts"

export type Gsm8kOptions = z.input<typeof OptionsSchema>

export function gsm8k(options: Gsm8kOptions = {}) {
  const settings = readOptions("benchmark gsm8k", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-gsm8k", version: "0.1.0", apiVersion: 1 },
    benchmarks: { gsm8k: createBenchmark(settings) },
  })
}
