/**
 * Which tools a benchmark means: by full name, or by a short one, where its own plugin's tool goes before the one that was
 * loaded first. A model sees short names and tags, so a benchmark can have one tool of each.
 */
import type { Benchmark } from "../contracts/benchmark.ts"
import { SwirlError } from "../errors.ts"
import type { Entry, Lookup } from "./registry.ts"

/** Throws a usage error for a tool that is not there, for one that is asked for twice, and for two that a model could not tell apart. */
export function askedTools(registry: Lookup, benchmark: Pick<Benchmark, "tools">): Entry<"tools">[] {
  const owner = registry.list("benchmarks").find(({ value }) => value === benchmark)
  const asked = benchmark.tools.map(({ name }) => {
    const own = `${owner?.plugin.meta.name}/${name}`
    return registry.resolve("tools", registry.has("tools", own) ? own : name)
  })
  const problem = sameName(asked)
  if (problem)
    throw new SwirlError(`${owner ? `Benchmark ${owner.fullName}` : "A benchmark"} ${problem}`, { kind: "usage" })
  return asked
}

function sameName(asked: readonly Entry<"tools">[]): string | undefined {
  const again = asked.find(({ fullName }, index) => asked.findIndex((each) => each.fullName === fullName) < index)
  if (again) {
    return `asks for the tool ${again.fullName} twice, and a model can call one of them. Take one away, or offer it under another name.`
  }
  for (const [what, nameOf] of [
    ["the name", ({ name }: Entry<"tools">) => name],
    ["the tag", ({ name, value }: Entry<"tools">) => value.tag?.name ?? name],
  ] as const) {
    for (const [index, tool] of asked.entries()) {
      const other = asked.slice(0, index).find((each) => nameOf(each) === nameOf(tool))
      if (other) {
        return `asks for ${other.fullName} and ${tool.fullName}, and a model calls both by ${what} "${nameOf(tool)}". Take one of them away, or offer it under another name.`
      }
    }
  }
  return undefined
}
