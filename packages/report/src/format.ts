/** Numbers as the report writes them: per cent with one decimal, changes in points with a sign, p by three decimals. */

/** `70.3`, without the sign: tables say the unit in their caption. */
export const percent = (share: number): string => (100 * share).toFixed(1)

/** `+48.0` or `−3.1`; a true minus sign. */
export function points(change: number): string {
  const text = (100 * Math.abs(change)).toFixed(1)
  return `${change > 0 ? "+" : change < 0 && text !== "0.0" ? "−" : "±"}${text}`.replace("±0.0", "0.0")
}

export const interval = ([low, high]: readonly [number, number], write: (value: number) => string): string =>
  `${write(low)} to ${write(high)}`

export const pValue = (p: number): string => (p < 0.001 ? "p < .001" : `p = ${p.toFixed(3).replace(/^0/, "")}`)

export const count = (value: number): string => value.toLocaleString("en-US")

/** `judgedReward` -> `judged reward`. */
export const words = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[-_]+/g, " ")
    .toLowerCase()

/** What a change says at the 95 % level: its interval leaves zero out, or does not. */
export type Direction = "up" | "down" | "unclear"
export const direction = ([low, high]: readonly [number, number]): Direction =>
  low > 0 ? "up" : high < 0 ? "down" : "unclear"

/** A mark for every direction, so that nothing depends on colour. */
export const marks: Readonly<Record<Direction, string>> = { up: "▲", down: "▼", unclear: "·" }
export const directionWords: Readonly<Record<Direction, string>> = {
  up: "higher than base",
  down: "lower than base",
  unclear: "no clear change",
}
