/** `hotpotqa(options)`: the plugin with the benchmarks `hotpotqa` (distractor) and `hotpotqa-fullwiki`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import manifest from "../package.json" with { type: "json" }
import { createBenchmark, OptionsSchema } from "./benchmark.ts"

export type HotpotqaOptions = z.input<typeof OptionsSchema>

export function hotpotqa(options: HotpotqaOptions = {}) {
  const settings = readOptions("benchmark hotpotqa", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-hotpotqa", version: manifest.version, apiVersion: 1 },
    benchmarks: {
      hotpotqa: createBenchmark("distractor", settings),
      "hotpotqa-fullwiki": createBenchmark("fullwiki", settings),
    },
  })
}
