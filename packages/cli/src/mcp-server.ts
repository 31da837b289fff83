/** Tools of ours by the Model Context Protocol, over standard input and output or HTTP. What a tool says is text; its errors are results. */
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  McpServer,
  originValidationResponse,
  type StandardSchemaWithJSON,
} from "@modelcontextprotocol/server"
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { fetchListener } from "@swirl-ts/kit"
import type { BoundTools, ServedTools } from "@swirl-ts/stages"
import { resultStream } from "./standard-output.ts"
import { version } from "./version.ts"

/** Until the client closes the input, or the signal fires. */
export async function serveByStdio(served: ServedTools, abortSignal: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport(process.stdin, resultStream())
  const ended = Promise.race([once(process.stdin, "end"), once(process.stdin, "close"), aborted(abortSignal)])
  const handle = serveStdio(() => protocolServer(served), { transport })
  await ended
  await handle.close()
}

/** Until the signal fires; only this machine gets an answer. `onReady` is told the address. Port 0 is any free one. */
export async function serveByHttp(
  served: ServedTools,
  port: number,
  abortSignal: AbortSignal,
  onReady: (url: string) => void,
): Promise<void> {
  const handler = createMcpHandler(() => protocolServer(served))
  const answer = async (request: Request): Promise<Response> =>
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins()) ??
    (new URL(request.url).pathname === "/mcp"
      ? handler.fetch(request)
      : new Response("The tools are at /mcp.", { status: 404 }))
  const server = createServer(fetchListener(answer))
  await listen(server, port)
  onReady(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
  await aborted(abortSignal)
  await handler.close()
  server.closeAllConnections()
  server.close()
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1")
  try {
    await once(server, "listening")
  } catch (error) {
    const message = `Port ${port} cannot be used: ${errorMessage(error)}. Choose another by --port; 0 takes any that is free.`
    throw new SwirlError(message, { kind: "usage", cause: error })
  }
}

/** For one conversation; over HTTP that is one request. */
async function protocolServer(served: ServedTools): Promise<McpServer> {
  const tools = await served.bind()
  const server = new McpServer({ name: "swirl-ts", version })
  for (const { name, description, inputSchema } of tools.named) {
    server.registerTool(name, { description, inputSchema: shown(inputSchema) }, async (input, { mcpReq }) =>
      result(await tools.call(name, input, { id: String(mcpReq.id), abortSignal: mcpReq.signal })),
    )
  }
  server.server.onclose = () => void tools.dispose()
  return server
}

const result = ({ text, isError }: Awaited<ReturnType<BoundTools["call"]>>) => ({
  content: [{ type: "text" as const, text }],
  isError,
})

/** The schema is shown; the input is checked where the tool is called. */
const shown = (schema: object): StandardSchemaWithJSON => ({
  "~standard": {
    version: 1,
    vendor: "swirl-ts",
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
  },
})

const aborted = (signal: AbortSignal): Promise<unknown> => (signal.aborted ? Promise.resolve() : once(signal, "abort"))
