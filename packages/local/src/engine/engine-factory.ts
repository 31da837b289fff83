/** The engine `local` as plugins name it; TensorFlow.js is loaded with the first that is made. */
import type { EngineFactory } from "@swirl-ts/core"
import { policySource, sourceIdentity } from "../policy-source.ts"

export const localEngine: EngineFactory = {
  description: "trains in this process on TensorFlow.js: wasm, or native after `swirl backend install`",
  create: async (options, host) => (await import("./local-engine.ts")).openLocalEngine(options, host),
  identity: async (policy, host) => sourceIdentity(await policySource(policy, host), host),
}
