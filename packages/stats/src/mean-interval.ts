/**
 * Means with their t intervals: of independent values, and of values in clusters (several epochs of one question, one
 * question over several seeds), where the clusters and not the values are the sample.
 * Invariant: with one value a cluster the two agree. Source of the clustered one: Liang & Zeger (1986), Biometrika 73:13-22,
 * with the correction G/(G-1), as statsmodels' `cov_type="cluster"`.
 */
import { checkLevel, checkPaired, checkSample } from "./checks.ts"
import { mean, standardError } from "./mean.ts"
import { studentQuantile, studentTwoSided } from "./student-t.ts"
import type { Estimate, Interval } from "./wilson.ts"

export interface MeanEstimate extends Estimate {
  standardError: number
  /** How many independent things were seen: values, or clusters. The t has one degree of freedom less. */
  n: number
}

/** Mean and t interval; two values or more. */
export function meanInterval(values: readonly number[], level = 0.95): MeanEstimate {
  checkLevel(level)
  return estimate(mean(values), standardError(values), values.length, level)
}

/** `clusters[i]` names the cluster of `values[i]`; two clusters or more. The mean is over values. */
export function clusteredMeanInterval(
  values: readonly number[],
  clusters: readonly (string | number)[],
  level = 0.95,
): MeanEstimate {
  checkPaired(values, clusters, "values", "clusters")
  checkLevel(level)
  const centre = mean(values)
  const sums = new Map<string | number, number>()
  values.forEach((value, index) => {
    const cluster = clusters[index]!
    sums.set(cluster, (sums.get(cluster) ?? 0) + value - centre)
  })
  const count = sums.size
  if (count < 2) throw new Error("All values are of one cluster: its spread cannot be told from two or more.")
  let squares = 0
  for (const sum of sums.values()) squares += sum * sum
  return estimate(centre, Math.sqrt((squares * count) / (count - 1)) / values.length, count, level)
}

function estimate(value: number, error: number, n: number, level: number): MeanEstimate {
  const reach = studentQuantile(0.5 + level / 2, n - 1) * error
  const ci: Interval = [value - reach, value + reach]
  return { value, ci, standardError: error, n }
}

/** The mean difference of b and a on the same items, with its t interval and the paired t test's two-sided p (1 where no pair differs). */
export function pairedMeanInterval(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
): MeanEstimate & { p: number } {
  checkPaired(a, b)
  checkSample(a, "a")
  checkSample(b, "b")
  const found = meanInterval(
    b.map((value, index) => value - a[index]!),
    level,
  )
  const t = found.value === 0 ? 0 : found.value / found.standardError
  return { ...found, p: studentTwoSided(t, found.n - 1) }
}
