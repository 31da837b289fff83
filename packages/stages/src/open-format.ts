/** An action format by name, called so that what is wrong with it is told by its full name. */
import { type ActionFormat, callPlugin, distinctName, PluginFailure, type Registry, whoseIs } from "@swirl-ts/core"

/** Its own `name` is the one that records say and `train` finds it by: the full one, where the short one means another. */
export function openFormat(registry: Registry, name: string): ActionFormat {
  const entry = registry.resolve("actionFormats", name)
  const { value: format } = entry
  const whose = whoseIs(entry)
  return {
    name: distinctName(registry, entry),
    description: format.description,
    continuesTurn: format.continuesTurn,
    stops: format.stops && ((tools) => callPlugin({ whose, what: "stops" }, () => format.stops!(tools))),
    rules: format.rules,
    unshownRules:
      format.unshownRules &&
      ((tools) => callPlugin({ whose, what: "unshownRules" }, () => format.unshownRules!(tools))),
    requestTools: (tools) => callPlugin({ whose, what: "requestTools" }, () => format.requestTools(tools)),
    parse: (generation, tools) => {
      const action = callPlugin({ whose, what: "parse" }, () => format.parse(generation, tools))
      if (isAction(action)) return action
      throw new PluginFailure(
        `${whose}: parse gave ${JSON.stringify(action)?.slice(0, 200)}, which is no action: it has a kind (tool, answer or malformed) and what belongs to it.`,
      )
    },
    write: (action, tools) => callPlugin({ whose, what: "write" }, () => format.write(action, tools)),
    turn: (generation) => callPlugin({ whose, what: "turn" }, () => format.turn(generation)),
    reply: (action, observation, generation) =>
      callPlugin({ whose, what: "reply" }, () => format.reply(action, observation, generation)),
    describe: (tools) => callPlugin({ whose, what: "describe" }, () => format.describe(tools)),
  }
}

function isAction(value: unknown): boolean {
  const action = (value ?? {}) as Record<string, unknown>
  if (action.kind === "tool") return typeof action.tool === "string" && typeof action.query === "string"
  return (
    (action.kind === "answer" && typeof action.answer === "string") ||
    (action.kind === "malformed" && typeof action.reason === "string")
  )
}
