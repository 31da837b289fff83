/** Accuracies with their 95 % intervals, one row a training, one dot a seed, the base as a dotted line. All charts share 0 to 100. */
import { directionWords, interval, marks, percent } from "./format.ts"
import { excerpt, type Html, html } from "./html.ts"
import type { Direction } from "./matrix-facts.ts"

export interface IntervalRow {
  label: string
  dots: { accuracy: number; ci: readonly [number, number]; direction?: Direction; seed?: number }[]
}

const width = 340
const left = 112
const right = 46
const x = (share: number): number => round(left + share * (width - left - right))
const round = (value: number): number => Math.round(value * 10) / 10

export function intervalChart(title: string, rows: readonly IntervalRow[], base: number | undefined): Html {
  const heights = rows.map((row) => 12 + 14 * row.dots.length)
  const height = heights.reduce((sum, each) => sum + each, 0) + 26
  let top = 4
  const drawn = rows.map((row, index) => {
    const start = top
    top += heights[index]!
    const middle = start + heights[index]! / 2
    return html`<text x="${left - 10}" y="${middle + 4}" text-anchor="end">${excerpt(row.label, 17)}</text>
${row.dots.map((dot, seed) => drawDot(dot, start + 13 + 14 * seed))}`
  })
  const bottom = top + 2
  return html`<figure><h3>${title}</h3>
<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary(title, rows)}">
${[0, 0.25, 0.5, 0.75, 1].map(
  (share) => html`<line class="grid" x1="${x(share)}" x2="${x(share)}" y1="2" y2="${bottom}"/>
<text x="${x(share)}" y="${bottom + 16}" text-anchor="middle">${100 * share}</text>`,
)}
${base !== undefined && html`<line class="reference" stroke-width="1.5" x1="${x(base)}" x2="${x(base)}" y1="2" y2="${bottom}"/>`}
${drawn}
</svg></figure>`
}

function drawDot({ accuracy, ci, direction = "unclear" }: IntervalRow["dots"][number], y: number): Html {
  const at = x(accuracy)
  const shape =
    direction === "up" || direction === "up-before-correction"
      ? html`<path class="dot ${direction}" d="M${at - 5} ${y + 4}h10l-5 -9z"/>`
      : direction === "down" || direction === "down-before-correction"
        ? html`<path class="dot ${direction}" d="M${at - 5} ${y - 4}h10l-5 9z"/>`
        : html`<circle class="dot" cx="${at}" cy="${y}" r="3.6"/>`
  return html`<line class="whisker ${direction}" x1="${x(ci[0])}" x2="${x(ci[1])}" y1="${y}" y2="${y}"/>${shape}
<text class="strong" x="${width}" y="${y + 4}" text-anchor="end">${percent(accuracy)}</text>`
}

function summary(title: string, rows: readonly IntervalRow[]): string {
  const parts = rows.map(({ label, dots }) =>
    dots
      .map(
        ({ accuracy, ci, direction }) =>
          `${label} ${percent(accuracy)} (${interval(ci, percent)})${direction ? `, ${directionWords[direction]}` : ""}`,
      )
      .join("; "),
  )
  return `${title}, accuracy in per cent with 95 % intervals: ${parts.join("; ")}.`
}

export const intervalKey = html`<div class="key"><span>${marks.up} higher than base</span><span>${marks.down} lower than base</span><span>${marks["up-before-correction"]} ${marks["down-before-correction"]} before Holm's correction only</span><span>● no clear change, or base</span>
<span><svg width="14" height="14" aria-hidden="true"><line class="reference" stroke-width="1.5" x1="7" x2="7" y1="0" y2="14"/></svg>base</span><span>line: 95 % interval</span></div>`
