/** What is asked of the registry where neither a flag nor a record says it. An oracle knows the tasks of its own plugin's benchmarks. */
import type { Registry } from "@swirl-ts/core"
import type { CollectOptions } from "@swirl-ts/report"

/** The oracle judges of benchmarks, by the shortest name that is theirs alone. */
export function oraclesOf(registry: Registry, benchmarks: Iterable<string>): string[] {
  const plugins = new Set([...benchmarks].map((name) => registry.resolve("benchmarks", name).plugin))
  const oracles = registry.list("oracles")
  return oracles
    .filter(({ plugin }) => plugins.has(plugin))
    .map(({ name, fullName }) => (oracles.filter((other) => other.name === name).length > 1 ? fullName : name))
}

/** What records of before they said it do not say: a benchmark's primary metric, and whether a judge's identity (`<plugin>/<judge>…`, or `<judge>…`) is an oracle's. */
export const recordFacts = (registry: Registry): Required<Pick<CollectOptions, "metricOf" | "isOracle">> => ({
  metricOf: (benchmark) =>
    registry.has("benchmarks", benchmark) ? registry.resolve("benchmarks", benchmark).value.primaryMetric : undefined,
  isOracle: (identity) => {
    const [first = "", second] = identity.split(" ")[0]!.split("/")
    return [first, `${first}/${second}`].some((name) => registry.has("oracles", name) && !registry.has("judges", name))
  },
})
