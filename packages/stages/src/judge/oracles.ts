/** Which oracle judges know a benchmark: those of its own plugin. Of others, one knows only by being named. */
import { distinctName, type Registry } from "@swirl-ts/core"

/** The oracle judges of benchmarks, by the shortest name that means them. */
export function oraclesOf(registry: Registry, benchmarks: Iterable<string>): string[] {
  const plugins = new Set([...benchmarks].map((name) => registry.resolve("benchmarks", name).plugin))
  return registry
    .list("oracles")
    .filter(({ plugin }) => plugins.has(plugin))
    .map((oracle) => distinctName(registry, oracle))
}
