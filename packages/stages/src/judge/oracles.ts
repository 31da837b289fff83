/** Which oracle judges know a benchmark: those of its own plugin. Of others, one knows only by being named. */
import type { Registry } from "@swirl-ts/core"

/** The oracle judges of benchmarks, by the shortest name that is theirs alone. */
export function oraclesOf(registry: Registry, benchmarks: Iterable<string>): string[] {
  const plugins = new Set([...benchmarks].map((name) => registry.resolve("benchmarks", name).plugin))
  const oracles = registry.list("oracles")
  return oracles
    .filter(({ plugin }) => plugins.has(plugin))
    .map(({ name, fullName }) => (oracles.filter((other) => other.name === name).length > 1 ? fullName : name))
}
