/** The plugin: local checkpoints under `local:`, the embedded policy under `nano`, and the engine that trains both. */
import { definePlugin } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import { localEngine } from "./engine/engine-factory.ts"
import type { LocalOptions } from "./model-options.ts"
import { localProviders } from "./provider.ts"

export const local = (options: LocalOptions = {}) =>
  definePlugin({
    meta: { name: "local", version: manifest.version, apiVersion: 1 },
    models: localProviders(options),
    engines: { local: localEngine },
  })
