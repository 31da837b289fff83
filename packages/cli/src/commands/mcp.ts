import { counted } from "@swirl-ts/kit"
import { openServedTools } from "@swirl-ts/stages"
import { retrieverOptions, toolOptions } from "../options/tables.ts"
import { namedValue, path, whole } from "../options/values.ts"
import { defineCommand } from "./command.ts"

const { data, split, baseUrl } = retrieverOptions

export const command = defineCommand({
  name: "mcp",
  description: "serve tools, and the passages of corpora, to other agents: an MCP server",
  arguments: { tools: { many: true, optional: true, help: "which (default: all that need no passages)" } },
  options: {
    corpus: {
      value: "<file or benchmark>",
      parse: path,
      help: 'passages to search, {"title", "text"} lines or a benchmark\'s: a search tool of its own (repeatable)',
      repeatable: true,
    },
    searchOption: {
      value: "<name=value>",
      help: "any option of the search tool, e.g. count=5 or mode=hybrid (repeatable)",
      parse: namedValue,
      repeatable: true,
    },
    port: {
      value: "<n>",
      help: "by HTTP at this port of 127.0.0.1, in place of standard input and output",
      parse: whole,
    },
    data,
    split,
    baseUrl,
    ...toolOptions,
  },
  async run(context, { tools = [], corpus, searchOption, split, port }) {
    const options = Object.fromEntries(searchOption)
    const served = await openServedTools(context, { tools, corpora: corpus, split, options })
    try {
      const { serveByHttp, serveByStdio } = await import("../mcp-server.ts")
      const what = counted(served.names.length, "tool")
      const say = (where: string) => context.say(`Serving ${what} ${where}: ${served.names.join(", ")}.`)
      if (port !== undefined) return await serveByHttp(served, port, context.abortSignal, (url) => say(`at ${url}`))
      say("on standard input and output")
      await serveByStdio(served, context.abortSignal)
    } finally {
      await served.close()
    }
  },
})
