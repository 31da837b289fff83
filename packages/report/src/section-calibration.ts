/** How far the judge can be trusted: its errors against a judge that knows the answer. */
import type { ReportCalibration, ReportRate } from "./data.ts"
import { count, interval, percent } from "./format.ts"
import { type Html, html } from "./html.ts"

export function calibrationSection(calibration: readonly ReportCalibration[]): Html | undefined {
  if (calibration.length === 0) return undefined
  return html`<section><h2 id="judge">How far the judge can be trusted</h2>
<p class="note">Its verdicts against those of an oracle that knows each task's plan, on the same steps, as swirl judge --calibrate gives them: malformed and cut-off steps, which are bad without asking, are left out. In per cent, with 95 % Wilson intervals. A false positive (a bad step called good) is what training can exploit.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Judge calibration, scrolls sideways"><table><thead><tr><th scope="col">Judge</th><th scope="col">Oracle</th><th scope="col">Task</th><th scope="col" class="number">Steps</th><th scope="col" class="number">Unscored</th><th scope="col" class="number">Agreement</th><th scope="col" class="number">Bad steps called good</th><th scope="col" class="number">Good steps called bad</th></tr></thead>
<tbody>${calibration.map(
    (row) =>
      html`<tr><th scope="row">${row.judge}</th><td>${row.oracle}</td><td>${row.task ?? "all"}</td><td class="number">${count(row.n)}</td><td class="number">${row.unscored === undefined ? "–" : count(row.unscored)}</td>${[row.agreement, row.falsePositiveRate, row.falseNegativeRate].map(rate)}</tr>`,
  )}</tbody></table></div></section>`
}

function rate(value: ReportRate | undefined): Html {
  if (!value) return html`<td class="number">–<span class="detail">no such step</span></td>`
  return html`<td class="number">${percent(value.value)}<span class="detail">${interval(value.ci, percent)}</span><span class="detail">${count(value.count)} of ${count(value.n)}</span></td>`
}
