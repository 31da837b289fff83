/**
 * A cell: one split of one benchmark at one temperature, `<benchmark>/<split>` where greedy, `<benchmark>/<split>@<temperature>`
 * elsewhere. That text is written and read here and nowhere else; inside the code a cell is this object.
 */
import type { Temperature } from "./temperature.ts"

export interface Cell {
  /** The full name where a registry was asked, e.g. `bench-gsm8k/gsm8k`. */
  benchmark: string
  split: string
  temperature: Temperature
}

/** `@1`, or nothing where greedy. */
export const temperatureSuffix = (temperature: Temperature): string => (temperature === 0 ? "" : `@${temperature}`)

export const cellName = ({ benchmark, split, temperature }: Cell): string =>
  `${benchmark}/${split}${temperatureSuffix(temperature)}`

const pattern = /^(.+)\/([^/@]+)(?:@(\d+(?:\.\d+)?(?:e[+-]?\d+)?|none))?$/s

/** Undefined for what names no cell. The benchmark's own name may hold a slash. */
export function parseCell(name: string): Cell | undefined {
  const [, benchmark, split, temperature = "0"] = pattern.exec(name) ?? []
  return benchmark && split
    ? { benchmark, split, temperature: temperature === "none" ? "none" : Number(temperature) }
    : undefined
}

/** `gsm8k` of `bench-gsm8k/gsm8k`. */
export const shortName = (fullName: string): string => fullName.slice(fullName.indexOf("/") + 1)

/** Whether two names of one kind, short or full, can mean the same thing. */
export const isSameName = (a: string, b: string): boolean => a === b || shortName(a) === b || a === shortName(b)
