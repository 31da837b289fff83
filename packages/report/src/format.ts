/** Numbers as terminal and page write them: per cent with one decimal, changes in points with a sign, p by three decimals. */
import type { Direction } from "./matrix-facts.ts"

/** `70.3`, without the sign: tables say the unit in their caption. */
export const percent = (share: number): string => (100 * share).toFixed(1)

/** `+48.0` or `−3.1`; a true minus sign. */
export const points = (change: number): string => `${change >= 0 ? "+" : "−"}${(100 * Math.abs(change)).toFixed(1)}`

export const interval = ([low, high]: readonly [number, number], write: (value: number) => string): string =>
  `${write(low)} to ${write(high)}`

/** `.023` or `< .001`: the heading says of what. */
export const pValue = (p: number): string => (p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, ""))

export const count = (value: number): string => value.toLocaleString("en-US")

/** `judgedReward` -> `judged reward`. */
export const words = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[-_]+/g, " ")
    .toLowerCase()

/** A mark for every direction, so that nothing depends on colour; hollow where Holm's correction leaves nothing of it. */
export const marks: Readonly<Record<Direction, string>> = {
  up: "▲",
  down: "▼",
  "up-before-correction": "△",
  "down-before-correction": "▽",
  unclear: "·",
}
export const directionWords: Readonly<Record<Direction, string>> = {
  up: "higher than base",
  down: "lower than base",
  "up-before-correction": "higher than base before Holm's correction, not after it",
  "down-before-correction": "lower than base before Holm's correction, not after it",
  unclear: "no clear change",
}
