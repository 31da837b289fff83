/** A reference value of another library, and how far ours is from it. */
import * as stats from "../src/index.ts"

export interface ReferenceCase {
  statistic: string
  given: unknown[]
  /** A number, a list, or fields by name; what is not named is not compared. */
  expected: unknown
  /** 1e-9, or the Monte-Carlo error of both sides. */
  tolerance: number
}

/** Absolute, or relative where the reference is beyond 1; infinite where a value is missing. */
export function largestDifference({ statistic, given, expected }: ReferenceCase): number {
  const compute = (stats as unknown as Record<string, (...given: unknown[]) => unknown>)[statistic]
  if (!compute) throw new Error(`there is no statistic ${statistic}`)
  return distance(compute(...given), expected)
}

function distance(found: unknown, expected: unknown): number {
  if (typeof expected === "number") {
    const away = Math.abs((found as number) - expected) / Math.max(1, Math.abs(expected))
    return Number.isNaN(away) || typeof found !== "number" ? Number.POSITIVE_INFINITY : away
  }
  const parts = Object.entries(expected as object)
  return Math.max(...parts.map(([name, value]) => distance((found as Record<string, unknown>)?.[name], value)))
}
