/** The matrix: a row a policy, a column a task and split; every change with its interval, p and n, in words and marks as well as colour. */
import { leftOutInWords } from "@swirl-ts/core"
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"
import { byChance } from "./findings.ts"
import { count, directionWords, interval, marks, percent, points, pValue } from "./format.ts"
import { type Html, html } from "./html.ts"
import { cellAt, changesOf, direction, isGamed, isTrainedOn } from "./matrix-facts.ts"

export function matrixSection(matrix: ReportMatrix): Html {
  const { columns, rows } = matrix
  const changes = rows.reduce((sum, row) => sum + changesOf(row, columns).length, 0)
  return html`<section><h2 id="results">Results</h2>
<p class="note">Accuracy in per cent${matrix.questions !== undefined && html`, ${count(matrix.questions)} questions a cell`}; below it the change against the base in points, paired question by question, with its 95 % interval and p-value.</p>
<div class="key"><span><span class="swatch up"></span>${marks.up} interval above zero, p at most .05</span><span><span class="swatch down"></span>${marks.down} interval below zero, p at most .05</span><span><span class="swatch"></span>${marks.unclear} no clear change</span><span><span class="swatch trained"></span>a task the row was trained on</span></div>
<div class="scroll" tabindex="0" role="region" aria-label="Results table, scrolls sideways"><table class="matrix"><thead><tr><th scope="col">Policy</th>${columns.map(
    (column) => html`<th scope="col">${column}</th>`,
  )}</tr></thead>
<tbody>${rows.map((row) => matrixRow(row, columns))}</tbody></table></div>
${changes > 1 && html`<p class="note">${byChance(changes)}</p>`}</section>`
}

function matrixRow(row: ReportRow, columns: readonly string[]): Html {
  return html`<tr${row.kind === "base" && html` class="base"`}><th scope="row">${row.name}<span class="detail">${about(row)}</span>${tags(row)}</th>${columns.map(
    (column) => matrixCell(cellAt(row, column), isTrainedOn(row, column)),
  )}</tr>`
}

function about(row: ReportRow): Html {
  if (row.kind === "base") return html`before training`
  if (row.kind === "reference") return html`${row.model !== undefined && html`${row.model} · `}measured only`
  const lines = [
    [row.train, row.filter && `filter ${row.filter}`],
    [row.algorithm, row.judge && `judge ${row.judge}`],
    [row.kept !== undefined && `${count(row.kept)} trajectories`, row.seed !== undefined && `seed ${row.seed}`],
  ].map((line) => line.filter(Boolean).join(" · "))
  return html`${lines.filter(Boolean).map((line, index) => html`${index > 0 && html`<br>`}${line}`)}`
}

function tags(row: ReportRow): Html {
  return html`${row.oracle && html`<span class="tag plain">oracle judge: upper bound</span>`}${isGamed(row) && html`<span class="tag bad">gamed its judge</span>`}`
}

function matrixCell(cell: ReportCell | undefined, trained: boolean): Html {
  const frame = trained ? "trained" : ""
  if (!cell) return html`<td class="${frame}"><span class="detail">not measured</span></td>`
  const { change } = cell
  const way = change ? direction(change) : undefined
  const { n, questions = n, unscored = 0, limits = 0, leftOut } = cell
  const also = [
    ...(questions === n ? [] : [`${count(n)} samples`]),
    ...(unscored > 0 ? [`${count(unscored)} unscored`] : []),
    ...(limits > 0 ? [`${count(limits)} at a limit`] : []),
    ...(leftOut ? leftOutInWords(leftOut, "base", "row") : []),
  ]
  const size = html`n = ${count(questions)}${also.map((each) => `, ${each}`)}`
  if (!change || !way) {
    return html`<td class="${frame}"><span class="accuracy">${percent(cell.accuracy)}</span><span class="detail">${interval(cell.ci, percent)}</span><span class="detail">${size}</span></td>`
  }
  return html`<td class="${`${way} ${frame}`.trim()}" title="${directionWords[way]}; accuracy ${interval(cell.ci, percent)}"><span class="accuracy">${percent(cell.accuracy)}</span>
<span class="change"><span aria-label="${directionWords[way]}">${marks[way]}</span> ${points(change.value)}</span><span class="detail">${interval(change.ci, points)}${change.ciMethod === "none-differs" && html` (none differs)`}</span><span class="detail">${pValue(change.p)}, ${size}</span></td>`
}
