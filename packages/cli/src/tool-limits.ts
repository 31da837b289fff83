/** How long a call of a tool may take and how much it may show. What the config says of one tool goes before the flags, which are about all. */
import { type Config, type Registry, SwirlError, type ToolLimits } from "@swirl-ts/core"
import type { StageContext } from "@swirl-ts/stages"

/** Throws a usage error where the config names a tool that is not there, or one tool twice. */
export function toolLimits(
  all: Required<ToolLimits>,
  byTool: Config["tools"] = {},
  registry: Registry,
): NonNullable<StageContext["toolLimits"]> {
  const tools: Record<string, ToolLimits> = {}
  for (const [name, limits] of Object.entries<ToolLimits | undefined>(byTool)) {
    const { fullName } = registry.resolve("tools", name)
    if (tools[fullName])
      throw new SwirlError(`The config's "tools" names ${fullName} twice, once as "${name}". Leave one.`, {
        kind: "usage",
      })
    tools[fullName] = limits ?? {}
  }
  return { ...all, tools }
}
