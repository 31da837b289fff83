/** Numbers for people: the same words and signs as the report's tables have. */
import { count } from "../../src/format.ts"

export { directionWords, interval, marks, percent, points, pValue, words } from "../../src/format.ts"
export { count }

const units: readonly [size: number, name: string][] = [
  [1e9, "bn"],
  [1e6, "M"],
  [1e3, "k"],
]

/** `12.3 k`: for headings; tables have the whole number. */
export function short(value: number): string {
  const unit = units.find(([size]) => Math.abs(value) >= size)
  if (!unit || Math.abs(value) < 10_000) return value.toLocaleString("en-US", { maximumFractionDigits: 1 })
  const scaled = value / unit[0]
  return `${scaled.toLocaleString("en-US", { maximumFractionDigits: scaled < 100 ? 1 : 0 })} ${unit[1]}`
}

/** `2 h 5 min`, `3 min 20 s`, `4.2 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const bytes = (value: number): string =>
  value >= 1e9 ? `${(value / 1e9).toFixed(2)} GB` : `${(value / 1e6).toFixed(0)} MB`

/** `29 November 2026, 22:36 UTC`; anything that is no date stays as it is. */
export function date(text: string): string {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return text
  const day = time.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
  return `${day}, ${time.toISOString().slice(11, 16)} UTC`
}

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`
