/**
 * A line a policy and cell: claims about checkpoints, whose sample is the questions. Every row has a line in every cell; one
 * without a number says why.
 */
import { differsInWords } from "@swirl-ts/core"
import type { ReportCell, ReportMatrix, ReportRow } from "../data.ts"
import { interval, percent, points } from "../format.ts"
import { cellAt, kinship, missing, unscoredShare } from "../matrix-facts.ts"
import { beside, changeInterval, changeMark, leftOutOfQuestions, pText, rowName, sizeColumns } from "./cell-text.ts"
import { type Column, type Table, tableOf } from "./table.ts"

interface Line {
  column: string
  row: ReportRow
  cell?: ReportCell
}

export function checkpointTable(matrix: ReportMatrix): Table {
  const lines = checkpointLines(matrix)
  const cells = lines.flatMap(({ cell }) => cell ?? [])
  const [sizes, sizeOf] = sizeColumns(cells)
  const isRelated = lines.some(({ row, column }) => (kinship(row, column) ?? "other") !== "other")
  const share = (of?: { share: number }): string | undefined => of && percent(of.share)
  const columns: Column<Line>[] = [
    { name: "cell", of: ({ column }) => column, grouped: true, always: true },
    { name: "row", of: ({ row }) => rowName(row), always: true },
    { name: "accuracy", numeric: true, of: ({ cell }) => cell && percent(cell.accuracy), always: true },
    { name: "", of: ({ cell }) => cell?.change && changeMark(cell.change), missing: "", always: true },
    {
      name: "change",
      numeric: true,
      of: ({ cell }) => cell?.change && points(cell.change.value),
      missing: "",
      always: true,
    },
    { name: "95 % interval", numeric: true, of: (line) => intervalText(matrix, line), always: true },
    { name: "p", numeric: true, of: ({ cell }) => cell?.change && pText(cell.change.p), missing: "", always: true },
    {
      name: "p (Holm)",
      numeric: true,
      of: ({ cell }) => (cell?.change?.pHolm === undefined ? undefined : pText(cell.change.pHolm)),
      missing: "",
    },
    ...sizes.map((name, index) => ({
      name,
      numeric: true,
      of: ({ cell }: Line) => cell && sizeOf(cell)[index],
      always: true,
    })),
    { name: "task", of: ({ row, column }) => (isRelated ? kinship(row, column) : undefined) },
    { name: "leaked", numeric: true, of: ({ cell }) => cell?.leaked?.toString() },
    {
      name: "unscored %",
      numeric: true,
      of: ({ cell }) => (cell && cells.some(({ unscored }) => unscored) ? percent(unscoredShare(cell)) : undefined),
    },
    { name: "good steps %", numeric: true, of: ({ cell }) => share(cell?.goodSteps) },
    { name: "gold steps %", numeric: true, of: ({ cell }) => share(cell?.goldStepRecall) },
  ]
  return { title: "Checkpoints against the base", about: [], ...tableOf(lines, columns), notes: notes(matrix, lines) }
}

/** In the order of the columns, then of the rows. Where cells are sampled, the base of each seed stands for the base. */
export const checkpointLines = ({ columns, rows }: ReportMatrix): Line[] =>
  columns.flatMap((column) => {
    const isBySeed = rows.some((row) => row.kind === "base" && row.seed !== undefined && cellAt(row, column))
    return rows
      .filter((row) => row.kind !== "base" || (row.seed !== undefined) === isBySeed)
      .map((row) => ({ column, row, cell: cellAt(row, column) }))
  })

function intervalText(matrix: ReportMatrix, { row, column, cell }: Line): string {
  if (!cell) return `– ${missing(matrix, row, column).short}`
  return cell.change ? changeInterval(cell.change) : `${interval(cell.ci, percent)} (accuracy)`
}

function notes(matrix: ReportMatrix, lines: readonly Line[]): string[] {
  const ofLines = lines.flatMap(({ row, column, cell }) => {
    const reason = cell ? undefined : missing(matrix, row, column).reason
    const why = [
      ...(cell?.leftOut ? leftOutOfQuestions(cell.leftOut, "the base", "this row") : []),
      ...differsInWords(cell?.differs, "the base", "this row"),
    ]
    if (reason !== undefined && reason !== row.outcome) return [`${column} ${rowName(row)}: ${reason}`]
    if (!cell || (why.length === 0 && !cell.unscored && !cell.madeBy && !cell.unguarded)) return []
    return [`${column} ${rowName(row)}: ${[...why, ...beside(cell)].join("; ")}`]
  })
  const ofRows = matrix.rows
    .filter(
      (row) =>
        row.outcome !== undefined &&
        matrix.columns.some((column) => missing(matrix, row, column).reason === row.outcome),
    )
    .map((row) => `${rowName(row)}: ${row.outcome}`)
  return [...ofLines, ...ofRows]
}
