/** `cofca(options)`: the plugin with the benchmark `cofca`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import manifest from "../package.json" with { type: "json" }
import { createBenchmark, OptionsSchema } from "./benchmark.ts"

export type CofcaOptions = z.input<typeof OptionsSchema>

export function cofca(options: CofcaOptions = {}) {
  const settings = readOptions("benchmark cofca", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-cofca", version: manifest.version, apiVersion: 1 },
    benchmarks: { cofca: createBenchmark(settings) },
  })
}
