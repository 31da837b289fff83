/** The matrix: a row a policy, a column a task and split; every change with its interval, p and n, in words and marks as well as colour. */
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"
import { count, direction, directionWords, interval, marks, percent, points, pValue } from "./format.ts"
import { type Html, html } from "./html.ts"

export function matrixSection(matrix: ReportMatrix): Html {
  const { columns, rows } = matrix
  const changes = rows.flatMap((row) => columns.filter((column) => cellAt(row, column)?.change)).length
  return html`<section><h2 id="results">Results</h2>
<p class="note">Accuracy in per cent${matrix.questions !== undefined && html`, ${count(matrix.questions)} questions a cell`}; below it the change against the base in points, paired question by question, with its 95 % interval and p-value.</p>
<div class="key"><span><span class="swatch up"></span>${marks.up} interval above zero</span><span><span class="swatch down"></span>${marks.down} interval below zero</span><span><span class="swatch"></span>${marks.unclear} no clear change</span><span><span class="swatch trained"></span>a task the row was trained on</span></div>
<div class="scroll" tabindex="0" role="region" aria-label="Results table, scrolls sideways"><table class="matrix"><thead><tr><th scope="col">Policy</th>${columns.map(
    (column) => html`<th scope="col">${column}</th>`,
  )}</tr></thead>
<tbody>${rows.map((row) => matrixRow(row, columns))}</tbody></table></div>
${changes > 1 && html`<p class="note">The ${changes} intervals are not corrected for being many: about ${Math.max(1, Math.round(changes / 20))} of them would leave zero out by chance alone.</p>`}</section>`
}

function matrixRow(row: ReportRow, columns: readonly string[]): Html {
  return html`<tr${row.kind === "base" && html` class="base"`}><th scope="row">${row.name}<span class="detail">${about(row)}</span>${tags(row)}</th>${columns.map(
    (column) => matrixCell(cellAt(row, column), isTrainedOn(row, column)),
  )}</tr>`
}

function about(row: ReportRow): Html {
  if (row.kind === "base") return html`before training`
  if (row.kind === "reference") return html`measured only`
  const lines = [
    [row.train, row.filter && (row.filter === "none" ? "no filter" : `${row.filter} filter`)],
    [row.algorithm, row.judge && `judge ${row.judge}`],
    [row.kept !== undefined && `${count(row.kept)} trajectories`, row.seed !== undefined && `seed ${row.seed}`],
  ].map((line) => line.filter(Boolean).join(" · "))
  return html`${lines.filter(Boolean).map((line, index) => html`${index > 0 && html`<br>`}${line}`)}`
}

/** A column may have any name, `constructor` too. */
export const cellAt = (row: ReportRow | undefined, column: string): ReportCell | undefined =>
  row && Object.hasOwn(row.cells, column) ? row.cells[column] : undefined

export const isGamed = (row: ReportRow): boolean => (row.alarms ?? []).some((alarm) => alarm.kind === "gaming")

function tags(row: ReportRow): Html {
  return html`${row.oracle && html`<span class="tag plain">oracle judge: upper bound</span>`}${isGamed(row) && html`<span class="tag bad">gamed its judge</span>`}`
}

export const isTrainedOn = (row: ReportRow, column: string): boolean =>
  row.kind === "training" && (row.train ?? "").split("+").some((task) => task !== "" && column.startsWith(`${task}/`))

function matrixCell(cell: ReportCell | undefined, trained: boolean): Html {
  const frame = trained ? "trained" : ""
  if (!cell) return html`<td class="${frame}"><span class="detail">not measured</span></td>`
  const { change } = cell
  const way = change ? direction(change.ci) : undefined
  const size = html`n = ${count(cell.n)}${(cell.unscored ?? 0) > 0 && html`, ${count(cell.unscored!)} unscored`}`
  if (!change || !way) {
    return html`<td class="${frame}"><span class="accuracy">${percent(cell.accuracy)}</span><span class="detail">${interval(cell.ci, percent)}</span><span class="detail">${size}</span></td>`
  }
  return html`<td class="${`${way} ${frame}`.trim()}" title="${directionWords[way]}; accuracy ${interval(cell.ci, percent)}"><span class="accuracy">${percent(cell.accuracy)}</span>
<span class="change"><span aria-label="${directionWords[way]}">${marks[way]}</span> ${points(change.value)}</span><span class="detail">${interval(change.ci, points)}</span><span class="detail">${pValue(change.p)}, ${size}</span></td>`
}
