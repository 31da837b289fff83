/** The trainer as a plugin: filters, the algorithms `swirl` and `sft`, and the local engine, loaded when it is first used. */
import { definePlugin, type EngineFactory } from "@swirl-ts/core"
import { filters } from "./filters.ts"
import { sft } from "./sft.ts"
import { swirl } from "./swirl.ts"

const local: EngineFactory = {
  description: "trains in this process on TensorFlow.js: wasm, or native after `swirl backend install`",
  create: async (options, host) => (await import("./local-engine.ts")).localEngine.create(options, host),
}

export function trainer() {
  return definePlugin({
    meta: { name: "trainer", version: "0.1.0", apiVersion: 1 },
    filters,
    algorithms: { swirl, sft },
    engines: { local },
  })
}
