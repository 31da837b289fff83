/** The environment of the demonstrations: the real tools by their registry names, and the turn the runner writes. */
import sandbox, { type Domain, world } from "@swirl-ts/bench-sandbox"
import type { Respond } from "@swirl-ts/bench-sandbox/demonstration"
import { callTool, createRegistry, isSameName, type Tool } from "@swirl-ts/core"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"

/** What the `tags` format says to a turn it cannot read. */
const malformedReply = "error : bad call ."

/** Answers with what the runner would put into the conversation: `query -> result`. */
export async function createEnvironment(): Promise<Respond> {
  const registry = createRegistry([calculator({ style: "plain" }), search(), sandbox()])
  const bound = async (name: string, domain: Domain, corpus?: ReturnType<typeof world>["corpus"]): Promise<Tool> => {
    const { value } = registry.resolve("tools", name)
    const options =
      registry.resolve("benchmarks", domain).value.tools.find((tool) => isSameName(tool.name, name))?.options ?? {}
    return value.bind ? value.bind({ options, corpus }) : value
  }
  return async (task, action) => {
    if (action.kind !== "tool") return malformedReply
    const tool = await bound(action.tool, task.domain, task.world ? world(task.world).corpus : undefined)
    const { text } = await callTool(tool, action.input, { toolCallId: "demonstration", messages: [] })
    return `${action.query.trim()} -> ${text}`
  }
}
