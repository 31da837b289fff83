/**
 * Changes over training seeds, recomputed as sums of squares of whole numbers: the seeds are the sample, from three on the
 * questions are a second one. Cells of one split at several temperatures ask the same questions, and are one set of them.
 */
import type { Pair } from "./cells.ts"
import { fisherMedian, normalQuantile, studentReach, studentTwoSided } from "./distributions.ts"
import { exact, meanOf, ratioOfSquares, ratioOfSums, sumOf } from "./exact.ts"

/** Two rows on one cell, by seed; a question by id and hash. */
export interface SeedPairs {
  /** Of the cell's benchmark and split. */
  split: string
  column: string
  bySeed: ReadonlyMap<number, readonly Pair[]>
}

/** The same questions for every seed. */
export interface Table {
  split: string
  column: string
  seeds: number[]
  keys: string[]
  after: number[][]
  differences: number[][]
}

/** With the seeds that all of `cells` have, where they were measured at all. */
export function tablesOf(cells: readonly SeedPairs[]): Table[] {
  const measured = cells.filter(({ bySeed }) => bySeed.size > 0)
  const seeds = [...(measured[0]?.bySeed.keys() ?? [])].filter((seed) =>
    measured.every(({ bySeed }) => bySeed.has(seed)),
  )
  return measured.flatMap(({ split, column, bySeed }) => {
    const byKey = seeds.map((seed) => new Map(bySeed.get(seed)!.map((pair) => [keyOf(pair), pair])))
    const keys = [...(byKey[0]?.keys() ?? [])].filter((key) => byKey.every((pairs) => pairs.has(key)))
    if (keys.length === 0) return []
    const values = (of: (pair: Pair) => number): number[][] =>
      byKey.map((pairs) => keys.map((key) => of(pairs.get(key)!)))
    return {
      split,
      column,
      seeds,
      keys,
      after: values(({ after }) => meanOf(after)),
      differences: values(({ before, after }) => meanOf(after) - meanOf(before)),
    }
  })
}

const keyOf = ({ taskId, hash }: Pair): string => JSON.stringify([taskId, hash])

export interface SeedsChange {
  value: number
  ci?: [number, number]
  ciMethod?: string
  p?: number
  seeds: number
  questions: number
}

/** Of one table, or the mean over several, each counting the same. */
export function seedsChange(tables: readonly Table[]): SeedsChange {
  const { seeds } = tables[0]!
  const bySeed = seeds.map((_, seed) => meanOf(tables.map(({ differences }) => meanOf(differences[seed]!))))
  const value = meanOf(bySeed)
  const sets = questionSets(tables)
  const found = { value, seeds: seeds.length, questions: sets.reduce((sum, { count }) => sum + count, 0) }
  if (seeds.length < 2) return found
  const ofMean = squaresAbout(bySeed) / (seeds.length - 1) / seeds.length
  const reachOfSeeds = studentReach(seeds.length - 1) * Math.sqrt(ofMean)
  const p = isSpread(reachOfSeeds) ? studentTwoSided(value / Math.sqrt(ofMean), seeds.length - 1) : undefined
  const isTwoWay = seeds.length > 2 && sets.every(({ count }) => count > 1)
  const reach = isTwoWay ? twoWayReach(sets, ofMean, seeds.length) : reachOfSeeds
  if (!isSpread(reach)) return { ...found, p }
  return {
    ...found,
    p,
    ci: tables.every(isOfShares)
      ? [Math.max(value - reach, -1), Math.min(value + reach, 1)]
      : [value - reach, value + reach],
    ciMethod: isTwoWay ? "seeds-and-questions" : "seeds-t",
  }
}

/** All scores are in [0, 1], up to rounding: no change is beyond 1. */
const isOfShares = ({ after, differences }: Table): boolean => {
  const before = after.map((row, seed) => row.map((score, place) => score - differences[seed]![place]!))
  return [...after, ...before].flat().every((score) => Math.abs(score - 0.5) <= 0.5 + 1e-9)
}

/** An interval narrower than what rounding makes is a point. */
const isSpread = (reach: number): boolean => 2 * reach >= 1e-12

/** Sum of squares about the mean, as half the mean of all squared differences. */
function squaresAbout(values: readonly number[]): number {
  let sum = 0
  for (const [place, value] of values.entries())
    for (const other of values.slice(place + 1)) sum += (value - other) ** 2
  return sum / values.length
}

interface QuestionSet {
  /** Of all tables. */
  share: number
  count: number
  /** `[seed][question]` */
  values: number[][]
}

/** What each question of a split gives to the mean of the split's cells. */
function questionSets(tables: readonly Table[]): QuestionSet[] {
  return [...Map.groupBy(tables, ({ split }) => split).values()].map((cells) => {
    const keys = [...new Set(cells.flatMap((table) => table.keys))]
    const values = cells[0]!.seeds.map((_, seed) =>
      keys.map((key) => {
        const parts = cells.map((table) => {
          const place = table.keys.indexOf(key)
          return place < 0 ? 0 : (table.differences[seed]![place]! * keys.length) / table.keys.length
        })
        return meanOf(parts)
      }),
    )
    return { share: cells.length / tables.length, count: keys.length, values }
  })
}

function twoWayReach(sets: readonly QuestionSet[], ofMean: number, seeds: number): number {
  let [ofRest, ofQuestions] = [0, 0]
  for (const { share, count, values } of sets) {
    const squares = meanSquares(values)
    ofRest += (share ** 2 * squares.rest) / (seeds * count)
    ofQuestions += (share ** 2 * studentReach(count - 1) ** 2 * squares.questions) / (seeds * count)
  }
  const degrees = (seeds - 1) * sets.reduce((sum, { count }) => sum + count - 1, 0)
  const ofSeeds = Math.max(0, ofMean - fisherMedian(seeds - 1, degrees) * ofRest)
  return Math.sqrt(studentReach(seeds - 1) ** 2 * ofSeeds + ofQuestions)
}

/** Two-way analysis of variance without a mean in it: S Q times each sum of squares is a whole number of sums and squares. */
function meanSquares(values: readonly number[][]): { questions: number; rest: number } {
  const [seeds, questions] = [BigInt(values.length), BigInt(values[0]!.length)]
  const square = (numbers: readonly bigint[]): bigint => numbers.reduce((sum, each) => sum + each * each, 0n)
  const rows = square(values.map(sumOf))
  const columns = square(values[0]!.map((_, place) => sumOf(values.map((row) => row[place]!))))
  const total = sumOf(values.flat()) ** 2n
  const each = square(values.flat().map(exact))
  const rest = seeds * questions * each - seeds * rows - questions * columns + total
  return {
    questions: ratioOfSquares(questions * columns - total, seeds * questions * (questions - 1n)),
    rest: ratioOfSquares(rest, seeds * questions * (seeds - 1n) * (questions - 1n)),
  }
}

/** Holm's correction: a p counts as often as there are none smaller, and no less than that of a smaller one. */
export function holmOf(p: readonly number[]): number[] {
  return p.map((own) => {
    const upTo = p.filter((each) => each <= own)
    return Math.max(...upTo.map((each) => Math.min(1, each * (p.length - p.filter((other) => other < each).length))))
  })
}

/** The smallest change seen with power .8 at p .05; undefined where nothing differs. */
export function detectable(rows: readonly (readonly Pair[])[]): number | undefined {
  const differences = rows.flat().map(({ before, after }) => exact(meanOf(after) - meanOf(before)))
  const squares = differences.reduce((sum, each) => sum + each * each, 0n)
  if (squares === 0n) return undefined
  const spread = Math.sqrt(ratioOfSquares(squares, BigInt(differences.length)))
  const fewest = Math.min(...rows.map((pairs) => pairs.length))
  return ((normalQuantile(0.975) + normalQuantile(0.8)) * spread) / Math.sqrt(fewest)
}

/** Over seeds, the mean of what a row got on the questions of its table. */
export const meanAfter = ({ after }: Table): number => ratioOfSums(sumOf(after.flat()), BigInt(after.flat().length))
