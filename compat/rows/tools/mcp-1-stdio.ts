import { stdioCalls } from "../../mcp/checks.ts"
import type { Row } from "../../row.ts"

export default {
  library: "an MCP server of the SDK 1, by stdio",
  package: "mcp-1",
  calls: () => stdioCalls(1),
} satisfies Row
