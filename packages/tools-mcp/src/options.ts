/** Which servers there are: each is a command that is started, or an address that is called. */
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"

const texts = z.record(z.string(), z.string())

const ServerSchema = z
  .strictObject({
    /** A program that speaks MCP over its standard input and output. */
    command: z.string().min(1).optional(),
    args: z.array(z.string()).optional(),
    /** Beside PATH, HOME and the like; nothing else of this process's environment reaches the server. */
    env: texts.optional(),
    /** The address of a server by streamable HTTP. */
    url: z.string().optional(),
    /** Sent with every request. */
    headers: texts.optional(),
    /** Seconds that the server may take until it has told its tools. */
    startTimeout: z.number().positive().default(60),
  })
  .superRefine((server, context) => {
    const message = serverProblem(server)
    if (message) context.addIssue({ code: "custom", message })
  })

const OptionsSchema = z.strictObject({
  /** By the name that their tools begin with. */
  servers: z.record(z.string(), ServerSchema).superRefine((servers, context) => {
    for (const name of Object.keys(servers)) {
      if (/^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(name)) continue
      const message = "a server's name is a letter and up to 31 letters, digits, dashes and underscores"
      context.addIssue({ code: "custom", path: [name], message })
    }
  }),
})

export type McpServer = z.input<typeof ServerSchema>
export type McpOptions = z.input<typeof OptionsSchema>
export type ServerSettings = z.output<typeof ServerSchema>

/** The servers by name. Throws a usage error that names the option. */
export const readServers = (options: McpOptions): Record<string, ServerSettings> =>
  readOptions("tools-mcp", OptionsSchema, options).servers

function serverProblem({ command, args, env, url, headers }: Partial<McpServer>): string | undefined {
  if ((command === undefined) === (url === undefined)) return "a server has either a command or a url"
  if (command !== undefined && headers) return "headers are for a server that has a url"
  if (url !== undefined && (args ?? env)) return "args and env are for a server that has a command"
  const isAddress = url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
  return isAddress ? undefined : `its url should begin with http:// or https://, but is "${url}"`
}
