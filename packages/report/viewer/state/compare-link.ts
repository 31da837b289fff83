/** From a number of the matrix to the questions behind it. */
import { linkTo } from "./route.ts"
import { cellOf, type Run } from "./run.ts"

/** Of a row of the matrix beside the base, in a cell; undefined where their samples are not in this folder. */
export function compareLink(run: Run, row: number, column: string): string | undefined {
  const { groups, matrix } = run.summary
  const inCell = groups.filter((group) => cellOf(run, group) === column && group.stage === "evaluate")
  const own = inCell.find((group) => group.row === row)
  const { seed } = matrix!.rows[row]!
  const bases = matrix!.rows.flatMap((each, number) => (each.kind === "base" ? [{ number, seed: each.seed }] : []))
  const base =
    bases.flatMap(({ number, seed: of }) =>
      of !== undefined && of === seed ? (inCell.find((group) => group.row === number) ?? []) : [],
    )[0] ?? inCell.find((group) => bases.some(({ number }) => number === group.row))
  return own && base && own !== base
    ? linkTo("compare", undefined, { cell: column, a: base.label, b: own.label })
    : undefined
}
