/** What a matrix should say of trainings over their seeds, and of declared contrasts. */

import { words } from "./compare.ts"
import { baseRow, type Measured } from "./measured.ts"
import { isRaw, type Raw } from "./raw.ts"
import { meanAfter, type SeedsChange, seedsChange, tablesOf } from "./seeds.ts"

export interface Tested {
  p?: number
  pHolm?: number
}

export interface SeedsRow {
  name: string
  seeds: number[]
  cells: Record<string, { accuracy: number; change: SeedsChange & Tested }>
  offDiagonal?: SeedsChange & Tested & { cells: string[] }
}

/** Of every training, in the order of the rows. */
export function overSeedsOf(
  recorded: readonly Raw[],
  trainings: readonly string[],
  measured: Measured,
  columns: readonly string[],
): SeedsRow[] {
  return trainings.flatMap((name) => {
    const pairs = columns.map((column) => measured.pairs(baseRow, name, column))
    const own = pairs.flatMap((each) => tablesOf([each]))
    if (own.length === 0) return []
    const known = recorded.find((row) => row.name === name)
    const near = [known?.trainedOn, known?.sameFamily].flat()
    const unseen = tablesOf(pairs.filter(({ column }) => !near.includes(column)))
    return {
      name,
      seeds: measured.seeds.filter((seed) => own.some((table) => table.seeds.includes(seed))),
      cells: Object.fromEntries(
        own.map((table) => [table.column, { accuracy: meanAfter(table), change: seedsChange([table]) }]),
      ),
      offDiagonal:
        unseen.length > 0 ? { ...seedsChange(unseen), cells: unseen.map(({ column }) => column) } : undefined,
    }
  })
}

export interface Contrast {
  name: unknown
  of: string
  against: string
  asked: typeof words
  declared: typeof words
  cells: Record<string, SeedsChange & Tested>
  mean?: SeedsChange & Tested & { cells: string[] }
}

export function contrastOf(recorded: Raw, measured: Measured, columns: readonly string[]): Contrast {
  const [of, against] = [String(recorded.of), String(recorded.against)]
  const asked = isRaw(recorded.cells) ? Object.keys(recorded.cells) : []
  const pairs = columns.filter((column) => asked.includes(column)).map((column) => measured.pairs(against, of, column))
  const each = pairs.flatMap((cell) => tablesOf([cell]))
  const all = tablesOf(pairs)
  return {
    name: recorded.name,
    of,
    against,
    asked: words,
    declared: words,
    cells: Object.fromEntries(each.map((table) => [table.column, seedsChange([table])])),
    mean: all.length > 1 ? { ...seedsChange(all), cells: all.map(({ column }) => column) } : undefined,
  }
}
