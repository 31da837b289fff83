/** What records of before they said it do not say: a benchmark's primary metric, and whether a judge's identity (`<plugin>/<judge>…`, or `<judge>…`) is an oracle's. */
import type { Registry } from "@swirl-ts/core"
import type { ViewerOptions } from "@swirl-ts/report"

export const recordFacts = (registry: Registry): Required<Pick<ViewerOptions, "metricOf" | "isOracle">> => ({
  metricOf: (benchmark) =>
    registry.has("benchmarks", benchmark) ? registry.resolve("benchmarks", benchmark).value.primaryMetric : undefined,
  isOracle: (identity) => {
    const [first = "", second] = identity.split(" ")[0]!.split("/")
    return [first, `${first}/${second}`].some((name) => registry.has("oracles", name) && !registry.has("judges", name))
  },
})
