/** The finding in plain words, from the matrix alone. Nothing here knows what was hoped for. */
import type { ReportMatrix, ReportRow } from "./data.ts"
import { direction, interval, percent, points } from "./format.ts"
import { cellAt, isGamed, isTrainedOn } from "./section-matrix.ts"

export function headlineOf(matrix: ReportMatrix | undefined): string[] {
  if (!matrix) return ["This run was not evaluated yet: there is no accuracy to show."]
  const trained = matrix.rows.filter((row) => row.kind === "training")
  if (trained.length === 0) return ["Accuracies of what was evaluated; nothing was trained in this run."]
  const better = trained.filter((row) => changes(row, matrix, true).some(({ way }) => way === "up"))
  const gamed = trained.filter(isGamed)
  const first = `${better.length} of ${trained.length} ${trained.length === 1 ? "training" : "trainings"} clearly improved a task they were trained on`
  return [
    `${first}${gamed.length === 0 ? "; none was flagged as gaming its judge." : `; ${gamed.length} gamed the judge: ${gamed.map((row) => row.name).join(", ")}.`}`,
    ...trained.map((row) => rowSentence(row, matrix)),
  ]
}

function changes(row: ReportRow, { columns }: ReportMatrix, own: boolean) {
  return columns.flatMap((column) => {
    const cell = cellAt(row, column)
    if (!cell?.change || isTrainedOn(row, column) !== own) return []
    return [{ column, cell, change: cell.change, way: direction(cell.change.ci) }]
  })
}

function rowSentence(row: ReportRow, matrix: ReportMatrix): string {
  const own = changes(row, matrix, true).map(
    ({ column, cell, change }) =>
      `${column} ${percent(cell.accuracy - change.value)} to ${percent(cell.accuracy)} % (${points(change.value)} points, 95 % interval ${interval(change.ci, points)})`,
  )
  const others = changes(row, matrix, false)
  const number = (way: string) => others.filter((each) => each.way === way).length
  const elsewhere = others.length
    ? ` On tasks it never trained on: ${number("up")} up, ${number("down")} down, ${number("unclear")} without a clear change.`
    : ""
  const name = `${row.name}${row.seed === undefined ? "" : ` (seed ${row.seed})`}${row.oracle ? " [oracle judge]" : ""}`
  return `  ${name}: ${own.length ? `${own.join("; ")}.` : "not measured on its own task."}${elsewhere}`
}
