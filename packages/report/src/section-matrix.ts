/** The matrix: a row a policy, a column a task and split; every change with its interval, p and n, in words and marks as well as colour. */
import { differsInWords, leftOutInWords, madeByInWords, parseCell } from "@swirl-ts/core"
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"
import { byChance } from "./findings.ts"
import { count, directionWords, interval, marks, percent, points, pValue } from "./format.ts"
import { heatMap } from "./heat-map.ts"
import { clipped, type Html, html } from "./html.ts"
import {
  afterCorrection,
  cellAt,
  changesOf,
  direction,
  isGamed,
  type Kinship,
  kinship,
  missing,
  namedIn,
  unscoredShare,
} from "./matrix-facts.ts"
import { tableBlock } from "./section-tables.ts"
import { matrixCaption } from "./tables/caption.ts"
import { changeInterval, unguardedInWords } from "./tables/cell-text.ts"
import { coverageShare } from "./tables/columns.ts"
import { furtherTables } from "./tables/matrix-tables.ts"

export function matrixSection(matrix: ReportMatrix): Html {
  const { columns, rows } = matrix
  const changes = rows.reduce((sum, row) => sum + changesOf(row, columns).length, 0)
  return html`<section><h2 id="results">Results</h2>
${matrixCaption(matrix).map((sentence) => html`<p class="note">${clipped(sentence)}</p>`)}
${key(matrix)}<div class="scroll" tabindex="0" role="region" aria-label="Results table, scrolls sideways"><table class="matrix"><thead><tr><th scope="col">Policy</th>${columns.map((column) => heading(matrix, column))}</tr></thead>
<tbody>${rows.map((row) => matrixRow(matrix, row))}</tbody></table></div>
${changes > 1 && html`<p class="note">${byChance(changes)}</p>`}${heatMap(matrix)}${furtherTables(matrix).map(tableBlock)}
<p class="note">The same numbers stand beside this file, as matrix.csv (claims over seeds as matrix-over-seeds.csv), matrix.md and matrix.tex.</p></section>`
}

function key(matrix: ReportMatrix): Html {
  const before = afterCorrection(matrix) && "after Holm's correction too"
  const isFamily = matrix.rows.some((row) => row.sameFamily?.length)
  return html`<div class="key"><span><span class="swatch up"></span>${marks.up} interval above zero, p at most .05${before && `, ${before}`}</span><span><span class="swatch down"></span>${marks.down} interval below zero, p at most .05${before && `, ${before}`}</span>${before && html`<span><span class="swatch"></span>${marks["up-before-correction"]} ${marks["down-before-correction"]} before the correction only</span>`}<span><span class="swatch"></span>${marks.unclear} no clear change</span><span><span class="swatch trained"></span>a task the row was trained on</span>${isFamily && html`<span><span class="swatch family"></span>shares sources with one</span>`}</div>
`
}

function heading({ columnFacts }: ReportMatrix, column: string): Html {
  const { coverage, minimumDetectableEffect: effect } = namedIn(columnFacts, column) ?? {}
  return html`<th scope="col">${column}${coverage && html`<span class="detail">corpus holds ${coverageShare(coverage, coverage.held)}</span>`}${effect !== undefined && html`<span class="detail">can show ${points(effect).slice(1)} points</span>`}</th>`
}

function matrixRow(matrix: ReportMatrix, row: ReportRow): Html {
  return html`<tr${row.kind === "base" && html` class="base"`}><th scope="row">${row.name}<span class="detail">${about(row)}</span>${tags(row)}</th>${matrix.columns.map(
    (column) => matrixCell(cellAt(row, column), kinship(row, column), () => absent(matrix, row, column)),
  )}</tr>`
}

function about(row: ReportRow): Html {
  if (row.kind === "base") return html`before training${row.seed !== undefined && ` · sampled with seed ${row.seed}`}`
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

/** The base of a seed is measured on the cells that are sampled alone. */
function absent(matrix: ReportMatrix, row: ReportRow, column: string): Html {
  if (row.kind === "base" && row.seed !== undefined && parseCell(column)?.temperature === 0)
    return html`<span class="detail">greedy: as the base</span>`
  const { short, reason } = missing(matrix, row, column)
  return html`<span class="detail">${short}</span>${reason !== undefined && html`<span class="detail words">${clipped(reason)}</span>`}`
}

function matrixCell(cell: ReportCell | undefined, kin: Kinship | undefined, without: () => Html): Html {
  const frame = kin === "own" ? "trained" : kin === "same family" ? "family" : ""
  if (!cell) return html`<td class="${frame}">${without()}</td>`
  const { change } = cell
  if (!change) {
    return html`<td class="${frame}"><span class="accuracy">${percent(cell.accuracy)}</span><span class="detail">${interval(cell.ci, percent)}</span><span class="detail words">${size(cell)}</span>${below(cell, kin)}</td>`
  }
  const way = direction(change)
  return html`<td class="${`${way} ${frame}`.trim()}" title="${directionWords[way]}; accuracy ${interval(cell.ci, percent)}"><span class="accuracy">${percent(cell.accuracy)}</span>
<span class="change"><span aria-label="${directionWords[way]}">${marks[way]}</span> ${points(change.value)}</span><span class="detail">${changeInterval(change)}</span><span class="detail words">${pValue(change.p)}, ${size(cell)}</span>${below(cell, kin)}</td>`
}

function size(cell: ReportCell): string {
  const { n, questions = n, unscored = 0, errors = 0, limits = 0, leftOut } = cell
  return [
    `n = ${count(questions)}`,
    ...(questions === n ? [] : [`${count(n)} samples`]),
    ...(unscored > 0 ? [`${count(unscored)} unscored (${percent(unscoredShare(cell))} %)`] : []),
    ...(errors > 0 ? [`${count(errors)} of them errors`] : []),
    ...(limits > 0 ? [`${count(limits)} at a limit`] : []),
    ...(leftOut ? leftOutInWords(leftOut, "base", "row") : []),
  ].join(", ")
}

/** What stands below a number, a line each. */
const below = (
  { change, leaked, unguarded, goodSteps, goldStepRecall, madeBy, differs }: ReportCell,
  kin: Kinship | undefined,
): Html[] =>
  [
    ...(change?.pHolm === undefined ? [] : [`Holm's ${pValue(change.pHolm)}`]),
    ...(leaked === undefined ? [] : [`${count(leaked)} leaked`]),
    ...(unguarded === undefined ? [] : [unguardedInWords(unguarded)]),
    ...(goodSteps ? [`good steps ${percent(goodSteps.share)} % of ${count(goodSteps.n)}`] : []),
    ...(goldStepRecall
      ? [`gold steps met ${percent(goldStepRecall.share)} %, ${count(goldStepRecall.n)} questions`]
      : []),
    ...(kin === "same family" ? ["same family"] : []),
    ...madeByInWords(madeBy),
    ...differsInWords(differs, "base", "row"),
  ].map((each) => html`<span class="detail">${each}</span>`)
