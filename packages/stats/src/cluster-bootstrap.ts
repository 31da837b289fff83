/**
 * Bootstrap intervals where values come in groups: clusters drawn whole, or seeds and questions both drawn.
 * Invariant: with one value a cluster it is the plain bootstrap. Source: Owen (2007), Ann. Appl. Stat. 1:386-411 (two ways).
 */
import { type Draw, percentileInterval, type ResamplingOptions, resampled } from "./bootstrap.ts"
import { checkPaired, checkSample, checkTable } from "./checks.ts"
import { mean } from "./mean.ts"
import type { Estimate } from "./wilson.ts"

/** Mean of `values` with whole clusters drawn: the interval of what was seen several times a question. */
export function clusterBootstrap(
  values: readonly number[],
  clusters: readonly (string | number)[],
  options: ResamplingOptions = {},
): Estimate {
  checkPaired(values, clusters, "values", "clusters")
  checkSample(values, "values")
  const byCluster = new Map<string | number, { sum: number; count: number }>()
  values.forEach((value, index) => {
    const cluster = byCluster.get(clusters[index]!) ?? { sum: 0, count: 0 }
    byCluster.set(clusters[index]!, { sum: cluster.sum + value, count: cluster.count + 1 })
  })
  const all = [...byCluster.values()]
  const statistic = (draw: Draw): number => {
    let [sum, count] = [0, 0]
    for (const index of draw(all.length, all.length)) {
      sum += all[index]!.sum
      count += all[index]!.count
    }
    return sum / count
  }
  return percentileInterval(mean(values), resampled(statistic, options))
}

/** Mean of `values[seed][question]` with seeds and questions both drawn: what an algorithm, not a checkpoint, would give. */
export function twoWayBootstrap(values: readonly (readonly number[])[], options: ResamplingOptions = {}): Estimate {
  const { seeds, questions } = checkTable(values)
  const statistic = (draw: Draw): number => {
    const drawnSeeds = draw(seeds, seeds)
    const drawn = draw(questions, questions)
    let sum = 0
    for (const seed of drawnSeeds) for (const question of drawn) sum += values[seed]![question]!
    return sum / (seeds * questions)
  }
  return percentileInterval(mean(values.flat()), resampled(statistic, options))
}
