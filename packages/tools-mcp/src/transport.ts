/** The way to a server: a process of its own that does not outlive this one, or HTTP. */
import { createInterface } from "node:readline"
import { Readable } from "node:stream"
import {
  isJSONRPCRequest,
  type JSONRPCMessage,
  StreamableHTTPClientTransport,
  type Transport,
  type TransportSendOptions,
} from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import type { ServerSettings } from "./options.ts"

/** In bytes; a longer one ends the connection to a process. */
const longestMessage = 64 * 2 ** 20

/**
 * Set for every process that is started here. One that finds it set starts none: a config that has `swirl mcp` for a
 * server, which reads the same config, would start processes without end. So this variable is read here, and not by `cli`.
 */
const marker = "SWIRL_MCP_SERVER"

export const isServerItself = (): boolean => process.env[marker] !== undefined

/** `onLine` is told what a process writes to its standard error. Nothing is started yet. */
export function createTransport(settings: ServerSettings, onLine: (line: string) => void): Transport {
  const { command, args, env, url, headers } = settings
  if (command === undefined) return new HttpTransport(new URL(url!), { requestInit: { headers } })
  const transport = new ProcessTransport({
    command,
    args,
    env: { ...env, [marker]: "1" },
    stderr: "pipe",
    maxBufferSize: longestMessage,
  })
  if (transport.stderr instanceof Readable) createInterface({ input: transport.stderr }).on("line", onLine)
  return transport
}

/** Processes that run: where this one ends at once, as by a second Ctrl-C, nobody closes their connections. */
const running = new Set<number>()
process.once("exit", () => {
  for (const pid of running) {
    try {
      process.kill(pid)
    } catch {
      // It has ended meanwhile.
    }
  }
})

class ProcessTransport extends StdioClientTransport {
  override async start(): Promise<void> {
    await super.start()
    const { pid, onclose } = this
    if (pid === null) return
    running.add(pid)
    this.onclose = () => {
      running.delete(pid)
      onclose?.()
    }
  }
}

/** What a request is answered with when its stream ended without an answer. */
export const streamEnded = "swirl: the stream of the answer ended"

/** The SDK lets a request wait for its time limit when the server dies in the middle of the answer's stream. */
class HttpTransport extends StreamableHTTPClientTransport {
  override async send(
    message: JSONRPCMessage,
    options?: TransportSendOptions & { resumptionToken?: string; onresumptiontoken?: (token: string) => void },
  ): Promise<void> {
    const onRequestStreamEnd = () => {
      options?.onRequestStreamEnd?.()
      if (!isJSONRPCRequest(message)) return
      this.onmessage?.({ jsonrpc: "2.0", id: message.id, error: { code: -32000, message: streamEnded } })
    }
    await super.send(message, { ...options, onRequestStreamEnd })
  }
}
