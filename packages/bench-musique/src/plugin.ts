/** `musique(options)`: the plugin with the benchmarks `musique` (Answerable) and `musique-full`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import manifest from "../package.json" with { type: "json" }
import { createBenchmark, OptionsSchema } from "./benchmark.ts"

export type MusiqueOptions = z.input<typeof OptionsSchema>

export function musique(options: MusiqueOptions = {}) {
  const settings = readOptions("benchmark musique", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-musique", version: manifest.version, apiVersion: 1 },
    benchmarks: {
      musique: createBenchmark("answerable", settings),
      "musique-full": createBenchmark("full", settings),
      ...(settings.syntheticFull ? { "musique-synthetic": createBenchmark("synthetic", settings) } : {}),
    },
  })
}
