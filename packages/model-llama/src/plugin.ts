/** The plugin: GGUF models under `llama:`. */
import { definePlugin } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import type { LlamaOptions } from "./options.ts"
import { llamaProvider } from "./provider.ts"

export const llama = (options: LlamaOptions = {}) =>
  definePlugin({
    meta: { name: "model-llama", version: manifest.version, apiVersion: 1 },
    models: { llama: llamaProvider(options) },
  })
