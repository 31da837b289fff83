export { openIndex } from "./open-index.ts"
export { readSearchOptions, type SearchOptions } from "./options.ts"
export { search, search as default } from "./plugin.ts"
export { type SearchTool, searchTool } from "./tool.ts"
