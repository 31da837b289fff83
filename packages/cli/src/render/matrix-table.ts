/** The matrix as lines for a terminal: the tables that every format shows, and the caption that says how to read them. */
import { matrixCaption, matrixTables, type ReportMatrix } from "@swirl-ts/report"
import { table } from "./table.ts"

export function matrixTable(matrix: ReportMatrix): string[] {
  const tables = matrixTables(matrix).flatMap(({ title, about, columns, lines, notes }, index) => [
    ...(index > 0 ? ["", `${title}. ${about.join(" ")}`.trimEnd()] : []),
    ...table([columns.map(({ name }) => name), ...lines]),
    ...notes.map((note) => `  ${note}`),
  ])
  return [...tables, "", ...matrixCaption(matrix)]
}
