/** Numbers by name, of one answer or of many. */

export type Metrics = Record<string, number>

/**
 * Mean of every metric over the samples that have it, in the order metrics first occur. Added one after another and
 * divided, as official scripts do, so that the last digit is theirs; Python's `sum()` is another sum from 3.12 on.
 */
export function meanMetrics(samples: readonly Metrics[]): Metrics {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const sample of samples) {
    for (const [name, value] of Object.entries(sample)) {
      const entry = sums.get(name) ?? { sum: 0, count: 0 }
      sums.set(name, { sum: entry.sum + value, count: entry.count + 1 })
    }
  }
  return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count]))
}
