/** The plugin: local checkpoints under `local:`, the embedded policy under `nano`. */
import { definePlugin } from "@swirl-ts/core"
import { type LocalOptions, localProvider, nanoProvider } from "./provider.ts"

export const local = (options: LocalOptions = {}) =>
  definePlugin({
    meta: { name: "model-local", version: "0.1.0", apiVersion: 1 },
    models: { local: localProvider(options), nano: nanoProvider(options) },
  })
