/** `search(options)`: the plugin with the tool `search` and the retriever `bm25`, for corpora that fit into memory. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions, type SearchOptions } from "./options.ts"
import { bm25 } from "./retriever.ts"
import { searchTool } from "./tool.ts"

export { analyse } from "./analysis.ts"
export { type Bm25Index, type Bm25Settings, buildBm25 } from "./bm25.ts"
export { type SearchOptions, SearchOptionsSchema, type SearchSettings } from "./options.ts"
export { type Bm25Retriever, bm25 } from "./retriever.ts"
export { formatPassages, QUERY_LIMIT, type SearchTool, searchTool } from "./tool.ts"

export function search(options: SearchOptions = {}) {
  return definePlugin({
    meta: { name: "tools-search", version: "0.1.0", apiVersion: 1 },
    tools: { search: searchTool(options) },
    retrievers: { bm25: bm25(readOptions(options)) },
  })
}

export default search
