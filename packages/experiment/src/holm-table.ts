/** Holm's correction of one table: every change in it that has a p is of the family, and gets a `pHolm`. */
import { holm } from "@swirl-ts/stats"

export function correctForMany(table: readonly { p?: number; pHolm?: number }[]): void {
  const tested = table.filter((change) => change.p !== undefined)
  const corrected = holm(tested.map(({ p }) => p!))
  for (const [place, change] of tested.entries()) change.pHolm = corrected[place]
}
