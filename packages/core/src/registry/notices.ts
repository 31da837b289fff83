/** What of the loaded plugins works, and yet should be known: who a short name means, and what a benchmark or a model will lack. */
import type { Benchmark } from "../contracts/benchmark.ts"
import { errorMessage } from "../errors.ts"
import { askedTools } from "./asked-tools.ts"
import type { Loaded } from "./loaded-plugins.ts"
import { type ContributionKind, contributionKinds } from "./plugin.ts"
import { singular } from "./plugin-problems.ts"
import type { Entry, Lookup } from "./registry.ts"

export function registryNotices(registry: Lookup, loaded: readonly Loaded[]): string[] {
  const origins = new Map(loaded.map(({ plugin, origin }) => [plugin, origin]))
  const called = ({ fullName, plugin }: Entry<ContributionKind>): string => {
    const origin = origins.get(plugin)!
    return origin === plugin.meta.name ? fullName : `${fullName} (of ${origin})`
  }
  return [
    ...contributionKinds.flatMap((kind) => sharedNames(registry.list(kind), called)),
    ...registry
      .list("tools")
      .filter(({ value }) => !value.description?.trim())
      .map((entry) => `The tool ${called(entry)} has no description: nothing tells a model what it is for.`),
    ...registry.list("benchmarks").flatMap(({ value }) => indistinct(registry, value)),
  ]
}

function sharedNames<K extends ContributionKind>(
  entries: readonly Entry<K>[],
  called: (entry: Entry<ContributionKind>) => string,
): string[] {
  const owners = new Map<string, Entry<K>[]>()
  for (const entry of entries) owners.set(entry.name, [...(owners.get(entry.name) ?? []), entry])
  return [...owners].flatMap(([name, [first, ...others]]) =>
    others.length === 0
      ? []
      : [
          `The ${singular[first!.kind]} "${name}" is offered by ${[first!, ...others].map((entry) => called(entry)).join(" and ")}: the short name means ${first!.fullName}, which was loaded first.`,
        ],
  )
}

/** Tools that a benchmark cannot have together; one that is not loaded is told when the benchmark is used. */
function indistinct(registry: Lookup, benchmark: Pick<Benchmark, "tools">): string[] {
  if (!benchmark.tools.every(({ name }) => registry.has("tools", name))) return []
  try {
    askedTools(registry, benchmark)
    return []
  } catch (error) {
    return [errorMessage(error)]
  }
}
