import { httpCalls } from "../../mcp/checks.ts"
import type { Row } from "../../row.ts"

export default {
  library: "an MCP server of the SDK 1, by HTTP",
  package: "mcp-1",
  calls: () => httpCalls(1),
} satisfies Row
