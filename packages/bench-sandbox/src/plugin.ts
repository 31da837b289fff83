/** The plugin: three benchmarks and the oracle judge that knows their plans. */
import { definePlugin } from "@swirl-ts/core"
import { type NoOptions, noOptions, readOptions } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import { createBenchmark } from "./benchmark.ts"
import { planFactory } from "./plan-judge.ts"

/** `bench-sandbox`: generated tool-use tasks. It takes no options. */
export function sandbox(options: NoOptions = {}) {
  readOptions("plugin bench-sandbox", noOptions, options)
  return definePlugin({
    meta: { name: "bench-sandbox", version: manifest.version, apiVersion: 1 },
    benchmarks: {
      calc: createBenchmark("calc"),
      lookup: createBenchmark("lookup"),
      mixed: createBenchmark("mixed"),
    },
    oracles: { plan: planFactory },
  })
}
