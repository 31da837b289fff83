/** What the numbers of a matrix mean, row by row and cell by cell: for the sentences, the tables and the charts alike. */
import { type Change, isSameName, type Matrix, parseCell } from "@swirl-ts/core"
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"

/** The report's view of an experiment's matrix: the base is a row, and what was only measured is told apart. */
export const reportMatrix = ({ cells, base, rows, questions, policy }: Matrix): ReportMatrix => ({
  policy,
  columns: cells,
  rows: [
    { name: "base", kind: "base", cells: base },
    ...rows.map((row) => ({ ...row, kind: row.seed === undefined ? ("reference" as const) : ("training" as const) })),
  ],
  questions,
})

/** What a change says at the 5 % level: its interval leaves zero out and its p is at most .05, or not both. */
export type Direction = "up" | "down" | "unclear"
export function direction({ ci: [low, high], p }: Pick<Change, "ci" | "p">): Direction {
  if (p > 0.05) return "unclear"
  return low > 0 ? "up" : high < 0 ? "down" : "unclear"
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

/** A column may have any name, `constructor` too. */
export const cellAt = (row: ReportRow | undefined, column: string): ReportCell | undefined =>
  row && Object.hasOwn(row.cells, column) ? row.cells[column] : undefined

/** A row is called gamed when its own alarm said so while it trained. */
export const isGamed = ({ alarms = [] }: Pick<ReportRow, "alarms">): boolean =>
  alarms.some((alarm) => alarm.kind === "gaming")

/** Rows of before `trainedOn` was written have the tasks' names alone. */
export function isTrainedOn({ kind, train = "", trainedOn }: ReportRow, column: string): boolean {
  if (kind !== "training" || trainedOn) return trainedOn?.includes(column) ?? false
  const benchmark = parseCell(column)?.benchmark
  return !!benchmark && train.split("+").some((task) => isSameName(task, benchmark))
}

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
