/** The matrix as lines for a terminal: accuracy, change to base with its 95 % interval, p and n; marks where the interval leaves zero out. */
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
import { table } from "./table.ts"

export function matrixTable({ columns, rows }: ReportMatrix): string[] {
  const header = ["cell", "row", "accuracy", "", "change", "95 % interval", "p", "n"]
  const lines = columns.flatMap((column) =>
    rows
      .filter((row) => cellAt(row, column))
      .map((row, index) => {
        const { accuracy, ci, change, n } = cellAt(row, column)!
        const compared = change
          ? [mark(direction(change)), points(change.value), interval(change.ci, points), pValue(change.p)]
          : ["", "", `${interval(ci, percent)} (accuracy)`, ""]
        return [index === 0 ? column : "", nameOf(row), percent(accuracy), ...compared, String(n)]
      }),
  )
  return table([header, ...lines])
}

/** Nothing where the change is unclear: the marks are to be seen. */
const mark = (direction: Direction): string => (direction === "unclear" ? "" : marks[direction])

const pValue = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3))

const nameOf = ({ name, seed, oracle, alarms }: ReportRow): string =>
  `${name}${seed === undefined ? "" : ` #${seed}`}${oracle ? " (oracle judge)" : ""}${isGamed({ alarms }) ? " (gaming alarm)" : ""}`
