/** The matrix as lines for a terminal: accuracy, change to base with its 95 % interval, p and n; marks where the interval leaves zero out. */
import { direction, isGamed, type Matrix } from "@swirl-ts/experiment"
import { table } from "./table.ts"

const percent = (value: number): string => (100 * value).toFixed(1)
const points = (value: number): string => `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(1)}`
const marks = { up: "▲", down: "▼", unclear: " " } as const

export function matrixTable(matrix: Matrix): string[] {
  const header = ["cell", "row", "accuracy", "", "change", "95 % interval", "p", "n"]
  const rows = matrix.cells.flatMap((cell) => {
    const base = matrix.base[cell]!
    return [
      [
        cell,
        "base",
        percent(base.accuracy),
        "",
        "",
        `${percent(base.ci[0])} to ${percent(base.ci[1])} (accuracy)`,
        "",
        String(base.n),
      ],
      ...matrix.rows.map((row) => {
        const result = row.cells[cell]!
        const { change } = result
        const name = `${row.name}${row.seed === undefined ? "" : ` #${row.seed}`}${row.oracle ? " (oracle judge)" : ""}${isGamed(row) ? " (gaming alarm)" : ""}`
        const p = change.p < 0.001 ? "<0.001" : change.p.toFixed(3)
        return [
          "",
          name,
          percent(result.accuracy),
          marks[direction(result)],
          points(change.value),
          `${points(change.ci[0])} to ${points(change.ci[1])}`,
          p,
          String(result.n),
        ]
      }),
    ]
  })
  return table([header, ...rows])
}
