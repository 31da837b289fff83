/** The plugin: local checkpoints under `local:`, the embedded policy under `nano`, and training on both, loaded when it is first used. */
import { definePlugin, type EngineFactory } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import { type LocalOptions, localProviders } from "./provider.ts"

const engine: EngineFactory = {
  description: "trains in this process on TensorFlow.js: wasm, or native after `swirl backend install`",
  create: async (options, host) => (await import("./engine/local-engine.ts")).localEngine.create(options, host),
}

export const local = (options: LocalOptions = {}) =>
  definePlugin({
    meta: { name: "local", version: manifest.version, apiVersion: 1 },
    models: localProviders(options),
    engines: { local: engine },
  })
