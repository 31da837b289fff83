/**
 * The matrix as lines for a terminal: accuracy, change to base with its 95 % interval, p and n; marks where the interval
 * leaves zero out and p is at most .05. Below it what single lines are not over.
 */
import {
  cellAt,
  type Direction,
  direction,
  interval,
  isGamed,
  marks,
  percent,
  points,
  type ReportMatrix,
  type ReportRow,
} from "@swirl-ts/report"
import { beside, changeInterval, leftOutOfQuestions, sizeColumns } from "./cells.ts"
import { table } from "./table.ts"

export function matrixTable({ columns, rows }: ReportMatrix): string[] {
  const cells = columns.flatMap((column) =>
    rows
      .filter((row) => cellAt(row, column))
      .map((row, index) => ({ row, column: index === 0 ? column : "", at: column, cell: cellAt(row, column)! })),
  )
  const [sizes, sizeOf] = sizeColumns(cells.map(({ cell }) => cell))
  const header = ["cell", "row", "accuracy", "", "change", "95 % interval", "p", ...sizes]
  const lines = cells.map(({ row, column, cell }) => {
    const { accuracy, ci, change } = cell
    const compared = change
      ? [mark(direction(change)), points(change.value), changeInterval(change), pValue(change.p)]
      : ["", "", `${interval(ci, percent)} (accuracy)`, ""]
    return [column, nameOf(row), percent(accuracy), ...compared, ...sizeOf(cell)]
  })
  const notes = cells.flatMap(({ row, at, cell }) => {
    const why = cell.leftOut ? leftOutOfQuestions(cell.leftOut, "the base", "this row") : []
    if (why.length === 0 && !cell.unscored) return []
    return [`  ${at} ${nameOf(row)}: ${[...why, ...beside(cell)].join("; ")}`]
  })
  return [...table([header, ...lines]), ...notes]
}

/** Nothing where the change is unclear: the marks are to be seen. */
const mark = (direction: Direction): string => (direction === "unclear" ? "" : marks[direction])

const pValue = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3))

const nameOf = ({ name, seed, oracle, alarms }: ReportRow): string =>
  `${name}${seed === undefined ? "" : ` #${seed}`}${oracle ? " (oracle judge)" : ""}${isGamed({ alarms }) ? " (gaming alarm)" : ""}`
