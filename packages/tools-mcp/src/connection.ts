/**
 * One server, for as long as the plugin lives. It is connected once for all calls that run at the same time, and again
 * by the next call where the connection is gone. Invariant: a call is done by the server at most once, unless the tool
 * says that it only reads, or that doing it twice is doing it once.
 */
import {
  type CallToolResult,
  Client,
  type Tool,
  UnsupportedProtocolVersionError,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client"
import { SwirlError } from "@swirl-ts/core"
import { inTime } from "@swirl-ts/kit"
import manifest from "../package.json" with { type: "json" }
import type { ServerSettings } from "./options.ts"
import { callProblem, isLost, neverArrived, startProblem } from "./problems.ts"
import { createTransport } from "./transport.ts"

/** How long a call may take is the caller's to say, by its signal; timers know no longer delay. */
const noLimit = 2 ** 31 - 1

const untilAborted = { milliseconds: Number.POSITIVE_INFINITY, late: "", grace: 0 }

export interface ServerConnection {
  /** Connects where that has not been done. Throws a usage error that names the server. */
  tools(): Promise<readonly Tool[]>
  /** Throws a SwirlError that names the server, or what the signal was aborted by. */
  call(tool: Tool, input: Record<string, unknown>, abortSignal?: AbortSignal): Promise<CallToolResult>
  /** Ends the server's process. */
  close(): Promise<void>
}

interface Opened {
  client: Client
  tools: readonly Tool[]
}

/** `log` is told what the server writes to its standard error. Nothing is connected yet. */
export function createConnection(
  name: string,
  settings: ServerSettings,
  log: (line: string) => void,
): ServerConnection {
  let current: Promise<Opened> | undefined
  let closed = false

  function connected(): Promise<Opened> {
    if (closed) throw new SwirlError(`The MCP server "${name}" was closed with the command that opened it.`)
    if (current) return current
    const opening = open(() => forget(opening))
    opening.catch(() => forget(opening))
    current = opening
    return opening
  }

  function forget(gone: Promise<Opened>): void {
    if (current === gone) current = undefined
  }

  /** Asking a process which revision of the protocol it speaks may end an older one, so that is done where the older is refused. */
  async function open(onGone: () => void): Promise<Opened> {
    if (settings.url !== undefined) return openBy("auto", onGone)
    try {
      return await openBy("legacy", onGone)
    } catch (error) {
      if (!(error instanceof SwirlError && error.cause instanceof UnsupportedProtocolVersionError)) throw error
      return openBy("auto", onGone)
    }
  }

  async function openBy(mode: VersionNegotiationMode, onGone: () => void): Promise<Opened> {
    const lines: string[] = []
    const transport = createTransport(settings, (line) => {
      lines.push(line)
      if (lines.length > 3) lines.shift()
      log(`${name}: ${line}`)
    })
    const client = new Client({ name: "swirl-ts", version: manifest.version }, { versionNegotiation: { mode } })
    const milliseconds = 1000 * settings.startTimeout
    const late = `it was not ready after ${settings.startTimeout} s (startTimeout)`
    const start = async (signal: AbortSignal): Promise<Opened> => {
      const options = { signal, timeout: milliseconds }
      await client.connect(transport, options)
      const { tools } = await client.listTools({}, options)
      return { client, tools }
    }
    try {
      const server = await inTime(start, { milliseconds, late })
      client.onclose = onGone
      return server
    } catch (error) {
      // The client lets go of a transport that it could not use, and does not always close it.
      await client.close()
      await transport.close()
      throw startProblem(name, settings, error, lines)
    }
  }

  return {
    tools: async () => (await connected()).tools,
    async call(tool, input, abortSignal) {
      const request = { name: tool.name, arguments: input }
      const options = { signal: abortSignal, timeout: noLimit }
      const mayRepeat = tool.annotations?.readOnlyHint || tool.annotations?.idempotentHint
      for (let attempt = 1; ; attempt++) {
        const server = connected()
        abortSignal?.throwIfAborted()
        // What others wait for, too, goes on when one of them gives up.
        const { client } = await inTime(() => server, { ...untilAborted, abortSignal })
        try {
          return await client.callTool(request, options)
        } catch (error) {
          abortSignal?.throwIfAborted()
          if (isLost(error)) {
            forget(server)
            client.close().catch(() => {})
            if (attempt === 1 && (mayRepeat || neverArrived(error))) continue
          }
          throw callProblem(name, tool.name, error)
        }
      }
    },
    async close() {
      closed = true
      const last = await current?.catch(() => undefined)
      await last?.client.close()
    },
  }
}
