/** What the numbers of a matrix mean, row by row and cell by cell: for the sentences, the tables and the charts alike. */
import { isSameName, type Matrix, parseCell } from "@swirl-ts/core"
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"

/** The report's view of an experiment's matrix: the base is a row, and what was only measured is told apart. */
export function reportMatrix(matrix: Matrix): ReportMatrix {
  const { cells, base, rows, baseBySeed = [], withoutResult, columns, ...rest } = matrix
  return {
    ...rest,
    columns: cells,
    columnFacts: columns,
    rows: [
      { name: "base", kind: "base", cells: base, withoutResult },
      ...baseBySeed.map((each) => ({ name: "base", kind: "base" as const, ...each })),
      ...rows.map((row) => ({ ...row, kind: row.seed === undefined ? ("reference" as const) : ("training" as const) })),
    ],
  }
}

/**
 * What a change says at the 5 % level. `up` and `down`: its interval leaves zero out, its p is at most .05, and so is Holm's
 * where the change is one of a corrected family. Where Holm's alone is above, it says so only before the correction.
 */
export type Direction = "up" | "down" | "up-before-correction" | "down-before-correction" | "unclear"

interface Tested {
  ci?: readonly [number, number]
  p?: number
  pHolm?: number
}

/** The one rule behind every mark and every word: nothing is called better or worse beside a p above .05. */
export function direction({ ci, p, pHolm = p }: Tested): Direction {
  const way = directionByItself({ ci, p })
  return way === "unclear" || pHolm! <= 0.05 ? way : `${way}-before-correction`
}

/** As if the change were the only one that was tested. */
function directionByItself({ ci, p }: Omit<Tested, "pHolm">): "up" | "down" | "unclear" {
  if (!ci || p === undefined || p > 0.05) return "unclear"
  return ci[0] > 0 ? "up" : ci[1] < 0 ? "down" : "unclear"
}

/**
 * How often each training was run: seeds of the row names, fewest and most. Rows of other names with other seeds are
 * other trainings, not more seeds of one.
 */
export function seedsPerTraining(trained: readonly ReportRow[]): { fewest: number; most: number } {
  const trainings = Map.groupBy(trained, ({ name }) => name)
  const counts = [...trainings.values()].map((same) => new Set(same.map(({ seed }) => seed)).size)
  return { fewest: Math.min(...counts), most: Math.max(...counts) }
}

/** Of a record by name; a column may have any name, `constructor` too. */
export const namedIn = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined

export const cellAt = (row: ReportRow | undefined, column: string): ReportCell | undefined =>
  namedIn(row?.cells, column)

/** A row is called gamed when its own alarm said so while it trained. */
export const isGamed = ({ alarms = [] }: Pick<ReportRow, "alarms">): boolean =>
  alarms.some((alarm) => alarm.kind === "gaming")

/** Rows of before `trainedOn` was written have the tasks' names alone. */
export function isTrainedOn({ kind, train = "", trainedOn }: ReportRow, column: string): boolean {
  if (kind !== "training" || trainedOn) return trainedOn?.includes(column) ?? false
  const benchmark = parseCell(column)?.benchmark
  return !!benchmark && train.split("+").some((task) => isSameName(task, benchmark))
}

/** Trainings of which something can be said over seeds: those with two or more. One seed says nothing of the next. */
export const severalSeeds = ({ overSeeds = [] }: ReportMatrix): NonNullable<ReportMatrix["overSeeds"]> =>
  overSeeds.filter(({ cells }) => Object.values(cells).some(({ change }) => change.seeds > 1))

/** What a cell is to a training: its own task, one that shares sources with it, or another. Nothing was trained elsewhere. */
export type Kinship = "own" | "same family" | "other"
export function kinship(row: ReportRow | undefined, column: string): Kinship | undefined {
  if (row?.kind !== "training") return undefined
  if (isTrainedOn(row, column)) return "own"
  return row.sameFamily?.includes(column) ? "same family" : "other"
}

/** Why a row has no number in a column: in a few words, and in full where these are not all of it. */
export interface Missing {
  short: string
  reason?: string
}
export function missing({ unfinished, failed }: ReportMatrix, row: ReportRow | undefined, column: string): Missing {
  const reason = namedIn(row?.withoutResult, column) ?? row?.outcome
  if (reason === undefined) return { short: unfinished?.length || failed?.length ? "not run yet" : "not measured" }
  return reason.length <= fewWords ? { short: reason } : { short: "no result", reason }
}
const fewWords = 48

/** Samples without a score, over all of them. */
export const unscoredShare = ({ n, unscored = 0 }: Pick<ReportCell, "n" | "unscored">): number =>
  n + unscored > 0 ? unscored / (n + unscored) : 0

export interface ChangeInColumn {
  column: string
  change: NonNullable<ReportCell["change"]>
  direction: Direction
}

/** A row's changes in the order of the columns. */
export const changesOf = (row: ReportRow, columns: readonly string[]): ChangeInColumn[] =>
  columns.flatMap((column) => {
    const change = cellAt(row, column)?.change
    return change ? [{ column, change, direction: direction(change) }] : []
  })

/** Of the changes that are clear by themselves, how many Holm's correction leaves. Undefined where none was corrected. */
export function afterCorrection({ columns, rows }: ReportMatrix): { clear: number; left: number } | undefined {
  const changes = rows.flatMap((row) => changesOf(row, columns))
  if (!changes.some(({ change }) => change.pHolm !== undefined)) return undefined
  const clear = changes.filter(({ change }) => directionByItself(change) !== "unclear")
  return {
    clear: clear.length,
    left: clear.filter(({ direction }) => direction === "up" || direction === "down").length,
  }
}
