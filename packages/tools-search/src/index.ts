export { openIndex } from "./open-index.ts"
export { readSearchOptions, type SearchOptions } from "./options.ts"
export { search, search as default } from "./plugin.ts"
export { searchTool } from "./tool.ts"
