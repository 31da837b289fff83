/** Which evaluation stands where: by row, column and seed. A greedy measurement of what no training made is that of every seed. */
import { type Pair, pairUp } from "./cells.ts"
import { type Cell, cellAt, type Evaluation, parseColumn } from "./evaluations.ts"
import type { SeedPairs } from "./seeds.ts"
import { trainingOf } from "./trainings.ts"

export const baseRow = "base"

export interface Measured {
  /** Those that the document says, and those of trainings that it does not say. */
  seeds: number[]
  isSampled(column: string): boolean
  /** The full name of its benchmark. */
  benchmark(column: string): string
  /** The first measurement of a row. */
  first(row: string): Evaluation
  at(row: string, seed: number, column: string): Cell | undefined
  pairs(against: string, of: string, column: string): SeedPairs
}

export function measuredBy(
  evaluations: readonly Evaluation[],
  columns: readonly string[],
  said: readonly number[],
): Measured {
  const trained = evaluations.filter((each) => trainingOf(each) !== undefined)
  const names = new Set(trained.map(({ row }) => row))
  const seeds = [...new Set([...said, ...trained.map(({ seed }) => seed)])]
  const sampled = new Map(columns.map((column) => [column, parseColumn(column).temperature !== 0]))
  const first = (row: string): Evaluation => evaluations.find((each) => each.row === row)!
  const hasSeeds = (row: string, column: string): boolean => names.has(row) || sampled.get(column)!
  const at: Measured["at"] = (row, seed, column) => {
    const found = hasSeeds(row, column)
      ? evaluations.find((each) => each.row === row && each.seed === seed)
      : evaluations.find((each) => each.row === row && cellAt(each, column))
    return found && cellAt(found, column)
  }
  return {
    seeds,
    isSampled: (column) => sampled.get(column)!,
    benchmark: (column) => evaluations.flatMap((each) => cellAt(each, column) ?? [])[0]?.benchmark ?? "",
    first,
    at,
    pairs(against, of, column) {
      const compared = hasSeeds(against, column) || hasSeeds(of, column) ? seeds : seeds.slice(0, 1)
      const bySeed = new Map<number, readonly Pair[]>()
      let split = ""
      for (const seed of compared) {
        const [before, after] = [at(against, seed, column), at(of, seed, column)]
        if (!before || !after) continue
        split = `${after.benchmark}/${after.split}`
        const { pairs } = pairUp(before, after)
        if (pairs.length > 0) bySeed.set(seed, pairs)
      }
      return { split, column, bySeed }
    },
  }
}
