/** The few words of a table that follow from its numbers. */
import { isRaw, type Raw } from "./raw.ts"

/**
 * What a change says, as the caption of every table has it: `up` or `down` where the interval leaves zero out and p is at most .05,
 * with `-before-correction` where Holm's p is not.
 */
export function directionOf(change: Raw): string {
  const [low, high] = Array.isArray(change.ci) ? (change.ci as [number, number]) : [0, 0]
  const { p = 1, pHolm = p } = change as { p?: number; pHolm?: number }
  if (p > 0.05 || (low <= 0 && high >= 0)) return "unclear"
  return `${low > 0 ? "up" : "down"}${pHolm > 0.05 ? "-before-correction" : ""}`
}

export const markOf = (change: unknown): string =>
  isRaw(change)
    ? ({ up: "▲", down: "▼", "up-before-correction": "△", "down-before-correction": "▽" }[directionOf(change)] ?? "")
    : ""

/** What a training has seen of a column. */
export function kinshipOf(row: Raw, column: string): string {
  const has = (list: unknown): boolean => Array.isArray(list) && list.includes(column)
  return has(row.trainedOn) ? "own" : has(row.sameFamily) ? "same family" : "other"
}
