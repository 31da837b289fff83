/** `embedders(options)`: the plugin with the embedder providers `openai` and `transformers`. */
import { definePlugin } from "@swirl-ts/core"
import { openaiProvider } from "./openai.ts"
import { type EmbeddersOptions, readEmbeddersOptions } from "./options.ts"
import { transformersProvider } from "./transformers.ts"

export type { EmbeddersOptions } from "./options.ts"

export function embedders(options: EmbeddersOptions = {}) {
  const settings = readEmbeddersOptions(options)
  return definePlugin({
    meta: { name: "embedders", version: "0.1.0", apiVersion: 1 },
    embedders: { openai: openaiProvider(settings), transformers: transformersProvider(settings) },
  })
}

export default embedders
