/**
 * One training over its steps: what the judge paid on recorded states, against what fresh roll-outs of the same policy
 * did. The two drifting apart is what a gamed judge looks like. Alarms stand at the step they were raised at.
 */
import type { RaisedAlarm } from "@swirl-ts/core"
import { percent } from "./format.ts"
import { excerpt, type Html, html } from "./html.ts"

export interface Point {
  step: number
  value: number
}
export interface Curves {
  title: string
  reward: Point[]
  accuracy: Point[]
  goodSteps: Point[]
  alarms: RaisedAlarm[]
}

const [width, height, left, right, top, bottom] = [460, 236, 34, 10, 24, 34]
const round = (value: number): number => Math.round(value * 10) / 10

export function curveChart(curves: Curves): Html {
  const { reward, accuracy, goodSteps, alarms } = curves
  const last = Math.max(1, ...[...reward, ...accuracy, ...goodSteps, ...alarms].map((point) => point.step))
  const x = (step: number): number => round(left + (step / last) * (width - left - right))
  const y = (share: number): number => round(top + (1 - Math.min(1, Math.max(0, share))) * (height - top - bottom))
  const path = (points: readonly Point[]): string =>
    points.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.step)} ${y(point.value)}`).join("")
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary(curves)}">
${[0, 0.25, 0.5, 0.75, 1].map(
  (share) => html`<line class="grid" x1="${left}" x2="${width - right}" y1="${y(share)}" y2="${y(share)}"/>
<text x="${left - 7}" y="${y(share) + 4}" text-anchor="end">${100 * share}</text>`,
)}
${ticks(last).map((step) => html`<text x="${x(step)}" y="${height - bottom + 17}" text-anchor="middle">${step}</text>`)}
<text x="${(left + width - right) / 2}" y="${height - 2}" text-anchor="middle">training step</text>
${alarmMarks(alarms, x, y(0))}
<path class="series reward" d="${path(reward)}"/>
<path class="series steps" d="${path(goodSteps)}"/>
${goodSteps.map((point) => html`<rect class="steps-point" x="${x(point.step) - 3}" y="${y(point.value) - 3}" width="6" height="6"/>`)}
<path class="series rollout" d="${path(accuracy)}"/>
${accuracy.map((point) => html`<circle class="rollout-point" cx="${x(point.step)}" cy="${y(point.value)}" r="3.8"/>`)}
</svg>`
}

/** One line a step; labels that would overlap are left to the list under the chart. */
function alarmMarks(alarms: readonly RaisedAlarm[], x: (step: number) => number, floor: number): Html[] {
  let free = -1
  return [...Map.groupBy(alarms, (alarm) => alarm.step)]
    .sort(([a], [b]) => a - b)
    .map(([step, here]) => {
      const at = x(step)
      const label = excerpt([...new Set(here.map((alarm) => alarm.kind))].join(", "), 24)
      const size = 7 * label.length + 16
      const end = at + size > width
      const start = end ? at - size : at
      const fits = start >= free
      if (fits) free = start + size
      return html`<line class="alarm" x1="${at}" x2="${at}" y1="14" y2="${floor}"/><path class="alarm-mark" d="M${at - 5} 8h10l-5 8z"/>
${fits && html`<text class="strong" x="${end ? at - 9 : at + 9}" y="15" text-anchor="${end ? "end" : "start"}">${label}</text>`}`
    })
}

function ticks(last: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((each) => last / each <= 8) ?? Math.ceil(last / 8)
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step)
}

function summary({ title, reward, accuracy, goodSteps, alarms }: Curves): string {
  const range = (name: string, points: readonly Point[]) =>
    points.length
      ? `${name} from ${percent(points[0]!.value)} to ${percent(points.at(-1)!.value)}`
      : `${name} not measured`
  const raised = alarms.map((alarm) => `${alarm.kind} at step ${alarm.step}`)
  return `${title}: ${range("judged reward", reward)}, ${range("accuracy of fresh roll-outs", accuracy)}, ${range("good steps of fresh roll-outs", goodSteps)}, in per cent. Alarms: ${raised.join(", ") || "none"}.`
}

export const curveKey = html`<div class="key">
<span><svg width="26" height="12" aria-hidden="true"><line class="series reward" x1="0" x2="26" y1="6" y2="6"/></svg>judged reward on recorded states</span>
<span><svg width="26" height="12" aria-hidden="true"><line class="series rollout" x1="0" x2="26" y1="6" y2="6"/><circle class="rollout-point" cx="13" cy="6" r="3.8"/></svg>accuracy of fresh roll-outs</span>
<span><svg width="26" height="12" aria-hidden="true"><line class="series steps" x1="0" x2="26" y1="6" y2="6"/><rect class="steps-point" x="10" y="3" width="6" height="6"/></svg>good steps of fresh roll-outs</span>
<span><svg width="12" height="14" aria-hidden="true"><path class="alarm-mark" d="M1 1h10l-5 8z"/></svg>alarm</span></div>`
