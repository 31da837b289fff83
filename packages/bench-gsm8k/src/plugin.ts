/** `gsm8k(options)`: the plugin with the benchmarks `gsm8k` and `gsm-large`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import manifest from "../package.json" with { type: "json" }
import { createBenchmark, OptionsSchema } from "./benchmark.ts"
import { createLargeBenchmark } from "./large/benchmark.ts"

export type Gsm8kOptions = z.input<typeof OptionsSchema>

export function gsm8k(options: Gsm8kOptions = {}) {
  const settings = readOptions("benchmark gsm8k", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-gsm8k", version: manifest.version, apiVersion: 1 },
    benchmarks: { gsm8k: createBenchmark(settings), "gsm-large": createLargeBenchmark(settings) },
  })
}
