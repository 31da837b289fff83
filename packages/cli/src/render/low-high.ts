/** Intervals as the documents of `judge` and `index` spell them: `low` and `high` beside the value, in place of `ci`. */
import type { Estimate } from "@swirl-ts/stats"

export function lowHigh<E extends Estimate>({ value, ci: [low, high], ...rest }: E) {
  return { value, low, high, ...rest }
}
