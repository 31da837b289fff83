/** `cofca(options)`: the plugin with the benchmark `cofca`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import { createBenchmark, OptionsSchema } from "./benchmark.ts"

export type CofcaOptions = z.input<typeof OptionsSchema>

export function cofca(options: CofcaOptions = {}) {
  const settings = readOptions("benchmark cofca", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-cofca", version: "0.1.0", apiVersion: 1 },
    benchmarks: { cofca: createBenchmark(settings) },
  })
}
