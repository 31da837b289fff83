/** An MCP server by the SDK 2, of both revisions of the protocol: `stdio`, or `http`, whose address is its first line. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server"
import { serveStdio } from "@modelcontextprotocol/server/stdio"
import { fetchListener } from "@swirl-ts/kit"
import { z } from "zod"

function server(): McpServer {
  const made = new McpServer({ name: "two", version: "1.0.0" })
  const fields = z.object({ city: z.string(), days: z.number() })
  made.registerTool(
    "forecast",
    { description: "The weather of a city.", inputSchema: fields, outputSchema: fields },
    (input) => ({ content: [{ type: "text", text: JSON.stringify(input) }], structuredContent: input }),
  )
  made.registerTool("lost", { description: "Finds nothing." }, () => ({
    content: [{ type: "text", text: "no such city" }],
    isError: true,
  }))
  return made
}

if (process.argv[2] === "stdio") serveStdio(server)
else {
  const http = createServer(fetchListener((request) => createMcpHandler(server).fetch(request)))
  http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`))
}
