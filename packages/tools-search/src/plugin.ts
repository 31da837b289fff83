/** `search(options)`: the plugin with the tool `search` and the retrievers `auto`, `bm25` and `lancedb`. */
import { definePlugin } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import type { SearchOptions } from "./options.ts"
import { retriever } from "./retriever.ts"
import { searchTool } from "./tool.ts"

export function search(options: SearchOptions = {}) {
  return definePlugin({
    meta: { name: "tools-search", version: manifest.version, apiVersion: 1 },
    tools: { search: searchTool(options) },
    retrievers: {
      auto: retriever("auto", options),
      bm25: retriever("bm25", options),
      lancedb: retriever("lancedb", options),
    },
  })
}
