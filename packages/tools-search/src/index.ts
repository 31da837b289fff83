/** `search(options)`: the plugin with the tool `search` and the retrievers `auto`, `bm25` and `lancedb`. */
import { definePlugin } from "@swirl-ts/core"
import { readOptions, type SearchOptions } from "./options.ts"
import { retriever } from "./retriever.ts"
import { searchTool } from "./tool.ts"

export { analyse } from "./analysis.ts"
export { type Bm25Index, type Bm25Settings, buildBm25 } from "./bm25.ts"
export { buildOnDisk } from "./disk-build.ts"
export { openOnDisk } from "./disk-index.ts"
export { exactVectors } from "./exact-vectors.ts"
export { fuse, type Ranking } from "./fusion.ts"
export type { Hit, TextIndex, VectorIndex } from "./hits.ts"
export { indexDirectory } from "./index-store.ts"
export { openIndex } from "./open-index.ts"
export { readOptions, type SearchOptions, SearchOptionsSchema, type SearchSettings } from "./options.ts"
export { type OwnRetriever, ownRetrievers, retriever } from "./retriever.ts"
export { formatPassages, QUERY_LIMIT, type SearchTool, searchTool } from "./tool.ts"

export function search(options: SearchOptions = {}) {
  readOptions(options)
  return definePlugin({
    meta: { name: "tools-search", version: "0.1.0", apiVersion: 1 },
    tools: { search: searchTool(options) },
    retrievers: {
      auto: retriever("auto", options),
      bm25: retriever("bm25", options),
      lancedb: retriever("lancedb", options),
    },
  })
}

export default search
