import { stdioCalls } from "../../mcp/checks.ts"
import type { Row } from "../../row.ts"

export default {
  library: "an MCP server of the SDK 2, by stdio",
  package: "@modelcontextprotocol/server",
  calls: () => stdioCalls(2),
} satisfies Row
