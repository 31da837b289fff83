/** What of the loaded plugins works, and yet should be known: who a short name means, and what a benchmark or a model will lack. */
import { errorMessage } from "../errors.ts"
import { askedTools } from "./asked-tools.ts"
import { contributionNearMisses } from "./contribution-schemas.ts"
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
    ...contributionKinds.flatMap((kind) =>
      registry
        .list(kind)
        .flatMap((entry) =>
          contributionNearMisses(kind, entry.value).map(
            (field) => `The ${singular[kind]} ${called(entry)} has ${field}`,
          ),
        ),
    ),
    ...registry.list("benchmarks").flatMap((entry) => toolNotices(registry, entry)),
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

/** Tools that a benchmark cannot have together, and options that are read by nobody; a tool that is not loaded is told when the benchmark is used. */
function toolNotices(registry: Lookup, { fullName, value: { tools }, value }: Entry<"benchmarks">): string[] {
  try {
    if (!tools.every(({ name }) => registry.has("tools", name))) return []
    return askedTools(registry, value).flatMap((tool, index) =>
      Object.keys(tools[index]!.options ?? {}).length === 0 || tool.value.bind
        ? []
        : [
            `Benchmark ${fullName} has options for the tool ${tool.fullName}, which has no \`bind\` to be told them by: they are not used.`,
          ],
    )
  } catch (error) {
    return [errorMessage(error)]
  }
}
