/** The plugin: GGUF models under `llama:`. */
import { definePlugin } from "@swirl-ts/core"
import { type LlamaOptions, llamaProvider } from "./provider.ts"

export const llama = (options: LlamaOptions = {}) =>
  definePlugin({
    meta: { name: "model-llama", version: "0.1.0", apiVersion: 1 },
    models: { llama: llamaProvider(options) },
  })
