/** Training curves, their alarms in words, and the numbers behind them as a table. */
import { type Curves, curveChart, curveKey, type Point } from "./chart-curves.ts"
import type { ReportTraining } from "./data.ts"
import { percent } from "./format.ts"
import { type Html, html } from "./html.ts"

/** Kinds that say that the policy gets worse, or cannot get better. */
const grave = ["gaming", "regression", "collapse"]

const series = (training: ReportTraining, name: string): Point[] =>
  training.metrics.flatMap(({ step, values }) => {
    const value = values[name]
    return typeof value === "number" && Number.isFinite(value) ? [{ step, value }] : []
  })

export function trainingSection(trainings: readonly ReportTraining[]): Html | undefined {
  const shown = trainings.filter((training) => training.metrics.length > 0)
  if (shown.length === 0) return undefined
  return html`<section><h2 id="trainings">Training: the judge's view against fresh roll-outs</h2>
<p class="note">The judged reward is what the policy is paid on recorded states. Fresh roll-outs let the same policy act from the question on, on tasks it is not trained on. Reward that climbs while roll-outs fall means the judge is being gamed. All in per cent.</p>${curveKey}
<div class="panels wide">${shown.map(trainingFigure)}</div></section>`
}

function trainingFigure(training: ReportTraining): Html {
  const curves: Curves = {
    title: training.name,
    reward: series(training, "judgedReward"),
    accuracy: series(training, "rolloutAccuracy"),
    goodSteps: series(training, "rolloutGoodSteps"),
    alarms: training.alarms,
  }
  return html`<figure><h3>${training.name}</h3>${curveChart(curves)}
${
  training.alarms.length === 0
    ? html`<p class="note">No alarm was raised.</p>`
    : html`<ul class="alarms">${training.alarms.map(
        (alarm) =>
          html`<li><span class="tag ${grave.includes(alarm.kind) ? "bad" : "plain"}">▼ ${alarm.kind}</span>step ${alarm.step}: ${alarm.message}</li>`,
      )}</ul>`
}${numbers(training)}</figure>`
}

const columns: readonly [name: string, heading: string, share: boolean][] = [
  ["judgedReward", "judged reward", true],
  ["rolloutAccuracy", "accuracy", true],
  ["rolloutGoodSteps", "good steps", true],
  ["malformedRate", "malformed", true],
  ["unscoredRate", "unscored", true],
  ["groupsWithVariance", "groups with variance", true],
  ["entropy", "entropy", false],
]

/** Steps with roll-outs, and the first and last one: enough to check the curve by. */
function numbers({ metrics }: ReportTraining): Html {
  const kept = metrics.filter(
    ({ values }, index) => typeof values.rolloutAccuracy === "number" || index === 0 || index === metrics.length - 1,
  )
  const present = columns.filter(([name]) => kept.some(({ values }) => typeof values[name] === "number"))
  return html`<details><summary>The numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of this training"><table><thead><tr><th scope="col" class="number">step</th>${present.map(
    ([, heading]) => html`<th scope="col" class="number">${heading}</th>`,
  )}</tr></thead><tbody>${kept.map(
    ({ step, values }) =>
      html`<tr><td class="number">${step}</td>${present.map(([name, , share]) => {
        const value = values[name]
        return html`<td class="number">${typeof value !== "number" ? "–" : share ? percent(value) : value.toFixed(3)}</td>`
      })}</tr>`,
  )}</tbody></table></div></details>`
}
