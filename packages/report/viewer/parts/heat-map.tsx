/** The matrix at a glance: a row a policy, a column a cell; the stronger the colour, the larger the change. Numbers and marks say it too. */

import type { ReportMatrix, ReportRow } from "../../src/data.ts"
import { cellAt, direction, kinship, missing } from "../../src/matrix-facts.ts"
import { compareLink } from "../state/compare-link.ts"
import { rowLabel, rowNotes } from "../state/rows.ts"
import type { Run } from "../state/run.ts"
import { directionWords, marks, percent, plural, points } from "./numbers.ts"
import { Scroll } from "./scroll.tsx"
import { line } from "./text.tsx"

export function HeatMap({ run, matrix }: { run: Run; matrix: ReportMatrix }) {
  const { columns, rows } = matrix
  const values = rows.flatMap((row) => columns.flatMap((column) => cellAt(row, column)?.change?.value ?? []))
  const largest = Math.max(0, ...values.map(Math.abs))
  return (
    <section>
      <h2 id="matrix">{values.length > 0 ? "Accuracy, and what changed" : "Accuracy"}</h2>
      <p class="note">
        Accuracy in per cent
        {values.length > 0 &&
          "; below it the change against the base in points. ▲ ▼ hold after Holm's correction, △ ▽ only before it. A cell opens the questions that changed"}
        .
      </p>
      <Scroll of="Matrix">
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">Policy</th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {line(column, 50)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, number) => {
              const notes = rowNotes(row)
              if (!hasNumber(row)) return null
              return (
                <tr key={number} class={row.kind}>
                  <th scope="row">
                    {line(rowLabel(run, number), 60)}
                    {notes.length > 0 && <span class="detail">{notes.join(", ")}</span>}
                  </th>
                  {columns.map((column) => (
                    <HeatCell key={column} run={run} matrix={matrix} row={number} column={column} largest={largest} />
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </Scroll>
      <WithoutNumber run={run} matrix={matrix} />
    </section>
  )
}

const hasNumber = ({ cells }: ReportRow): boolean => Object.keys(cells).length > 0

/** Rows of which no cell was measured, and why: a matrix that runs has many. */
function WithoutNumber({ run, matrix }: { run: Run; matrix: ReportMatrix }) {
  const rows = matrix.rows.flatMap((row, number) => (hasNumber(row) ? [] : [{ row, number }]))
  if (rows.length === 0) return null
  return (
    <details class="without">
      <summary>{plural(rows.length, "policy has", "policies have")} no number</summary>
      <ul class="notes">
        {rows.map(({ row, number }) => {
          const reasons = matrix.columns.map((column) => {
            const { short, reason = short } = missing(matrix, row, column)
            return reason
          })
          return (
            <li key={number}>
              {line(rowLabel(run, number), 60)}: {line([...new Set(reasons)].join("; "), 400)}
            </li>
          )
        })}
      </ul>
    </details>
  )
}

interface HeatCellProps {
  run: Run
  matrix: ReportMatrix
  row: number
  column: string
  largest: number
}

function HeatCell({ run, matrix, row: number, column, largest }: HeatCellProps) {
  const row = matrix.rows[number]!
  const cell = cellAt(row, column)
  const kin = kinship(row, column)
  const own = kin && kin !== "other" ? ` ${kin === "own" ? "own" : "family"}` : ""
  if (!cell) {
    const { short, reason } = missing(matrix, row, column)
    return (
      <td class={`none${own}`} title={reason}>
        <span class="detail">{line(short, 60)}</span>
      </td>
    )
  }
  const { change, accuracy, unscored = 0 } = cell
  const level = change && largest > 0 ? Math.ceil((5 * Math.abs(change.value)) / largest) : 0
  const link = change && compareLink(run, number, column)
  const text = (
    <>
      <span class="accuracy">{percent(accuracy)}</span>
      {change && (
        <span class="change">
          {points(change.value)} <span aria-hidden="true">{marks[direction(change)]}</span>
          <span class="unseen"> {directionWords[direction(change)]}</span>
        </span>
      )}
      {unscored > 0 && <span class="detail">{unscored} without a score</span>}
      {kin && kin !== "other" && <span class="detail">{kin === "own" ? "own task" : kin}</span>}
    </>
  )
  return (
    <td class={`${change && change.value < 0 ? "cold" : "warm"}-${level}${own}`}>
      {link ? <a href={link}>{text}</a> : <span>{text}</span>}
    </td>
  )
}
