import { httpCalls } from "../../mcp/checks.ts"
import type { Row } from "../../row.ts"

export default {
  library: "an MCP server of the SDK 2, by HTTP",
  package: "@modelcontextprotocol/server",
  calls: () => httpCalls(2),
} satisfies Row
