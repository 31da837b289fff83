/** `embedders(options)`: the plugin with the embedder providers `openai` and `transformers`. */
import { definePlugin } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import { openaiProvider } from "./openai.ts"
import { type EmbeddersOptions, readEmbeddersOptions } from "./options.ts"
import { transformersProvider } from "./transformers.ts"

export function embedders(options: EmbeddersOptions = {}) {
  const settings = readEmbeddersOptions(options)
  return definePlugin({
    meta: { name: "embedders", version: manifest.version, apiVersion: 1 },
    embedders: { openai: openaiProvider(settings), transformers: transformersProvider(settings) },
  })
}
