export type { McpOptions, McpServer } from "./options.ts"
export { mcp, mcp as default } from "./plugin.ts"
