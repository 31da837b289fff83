/** An MCP server by the SDK 1, as most servers are: `stdio`, or `http` with sessions, whose address is its first line. */
import { randomUUID } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { McpServer } from "mcp-1/server/mcp.js"
import { StdioServerTransport } from "mcp-1/server/stdio.js"
import { StreamableHTTPServerTransport } from "mcp-1/server/streamableHttp.js"
import { z } from "zod"

function server(): McpServer {
  const made = new McpServer({ name: "one", version: "1.0.0" })
  made.registerTool(
    "forecast",
    {
      description: "The weather of a city.",
      inputSchema: { city: z.string(), days: z.number() },
      outputSchema: { city: z.string(), days: z.number() },
    },
    (input) => ({ content: [{ type: "text", text: JSON.stringify(input) }], structuredContent: input }),
  )
  made.registerTool("lost", { description: "Finds nothing." }, () => ({
    content: [{ type: "text", text: "no such city" }],
    isError: true,
  }))
  return made
}

if (process.argv[2] === "stdio") await server().connect(new StdioServerTransport())
else {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const http = createServer(async (request, response) => {
    const known = sessions.get(String(request.headers["mcp-session-id"]))
    if (known) return known.handleRequest(request, response)
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    await server().connect(transport)
    await transport.handleRequest(request, response)
  })
  http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`))
}
