/** `beerqa(options)`: the plugin with the benchmark `beerqa`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import manifest from "../package.json" with { type: "json" }
import { createBenchmark, OptionsSchema } from "./benchmark.ts"

export type BeerqaOptions = z.input<typeof OptionsSchema>

export function beerqa(options: BeerqaOptions = {}) {
  const settings = readOptions("benchmark beerqa", OptionsSchema, options)
  return definePlugin({
    meta: { name: "bench-beerqa", version: manifest.version, apiVersion: 1 },
    benchmarks: { beerqa: createBenchmark(settings) },
  })
}
