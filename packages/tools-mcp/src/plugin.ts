/**
 * `mcp({ servers })`: the plugin with the tools of MCP servers, each as `<server>_<tool>`. It knows its tools when every
 * server has told them, so it is waited for; then the servers run until `dispose`.
 */
import type { Tool as ListedTool } from "@modelcontextprotocol/client"
import { definePlugin, errorMessage, type Plugin, SwirlError, type Tool } from "@swirl-ts/core"
import manifest from "../package.json" with { type: "json" }
import { createConnection, type ServerConnection } from "./connection.ts"
import { type McpOptions, readServers } from "./options.ts"
import { modelNames } from "./tool-names.ts"
import { isServerItself } from "./transport.ts"

/** What servers write to their standard error goes to the host's log, and to this process's before a tool knows the host. */
interface Log {
  line(text: string): void
}

interface NamedServer {
  name: string
  connection: ServerConnection
}

export interface McpPlugin {
  meta: { name: "tools-mcp"; version: string; apiVersion: 1 }
  tools: Record<string, Tool<Record<string, unknown>>>
  dispose(): Promise<void>
}

/** Throws for options that are wrong; rejects, with a sentence for each server that cannot be used. */
export function mcp(options: McpOptions): Promise<Plugin<McpPlugin>> {
  const log: Log = { line: (text) => void process.stderr.write(`${text}\n`) }
  const servers = Object.entries(readServers(options)).map(([name, settings]) => ({
    name,
    connection: createConnection(name, settings, (line) => log.line(line)),
  }))
  const plugin = connect(servers, log)
  // A config may wait for something else before anybody waits for this.
  plugin.catch(() => {})
  return plugin
}

async function connect(servers: readonly NamedServer[], log: Log): Promise<Plugin<McpPlugin>> {
  if (isServerItself()) {
    const message = "this process is itself an MCP server of tools-mcp, and such a one starts no servers"
    throw new SwirlError(message, { kind: "usage" })
  }
  const dispose = async (): Promise<void> => {
    await Promise.all(servers.map(({ connection }) => connection.close()))
  }
  const told = await Promise.allSettled(servers.map(({ connection }) => connection.tools()))
  const problems = told.flatMap((each) => (each.status === "rejected" ? [errorMessage(each.reason)] : []))
  if (problems.length > 0) {
    await dispose()
    throw new SwirlError(problems.join(" "), { kind: "usage" })
  }
  const all = told.flatMap((each, i) =>
    each.status === "fulfilled" ? each.value.map((listed) => ({ ...servers[i]!, listed })) : [],
  )
  const names = modelNames(all.map(({ name, listed }) => [name, listed.name]))
  const tools = all.map(({ name, connection, listed }, i): [string, Tool<Record<string, unknown>>] => {
    if (names[i] !== `${name}_${listed.name}`) {
      log.line(`${name}: models call its tool "${listed.name}" by the name ${names[i]}.`)
    }
    return [names[i]!, serverTool(name, connection, listed, log)]
  })
  return definePlugin({
    meta: { name: "tools-mcp", version: manifest.version, apiVersion: 1 },
    tools: Object.fromEntries(tools),
    dispose,
  })
}

/** Its result goes on as it is: MCP's own shape is one that every reader of tool outputs knows. */
function serverTool(
  server: string,
  connection: ServerConnection,
  listed: ListedTool,
  log: Log,
): Tool<Record<string, unknown>> {
  const tool: Tool<Record<string, unknown>> = {
    description: listed.description || listed.title || `${listed.name} of the MCP server ${server}`,
    inputSchema: { jsonSchema: listed.inputSchema },
    execute: (input, { abortSignal }) => connection.call(listed, input, abortSignal),
    bind({ host }) {
      if (host) log.line = host.log
      return tool
    },
  }
  return tool
}
