/** Trainings over their steps: what the judge paid on recorded states against what fresh roll-outs of the same policy did. */

import { Curves, type Series } from "../charts/curves.tsx"
import { bytes, duration, percent, words } from "../parts/numbers.ts"
import { numbers, PlainTable } from "../parts/plain-table.tsx"
import { line } from "../parts/text.tsx"
import type { Run } from "../state/run.ts"

type Training = Run["summary"]["trainings"][number]

/** Kinds that say that the policy gets worse, or cannot get better. */
const grave = ["gaming", "regression", "collapse"]

const shares: readonly [name: string, title: string, kind: string, isSparse: boolean][] = [
  ["judgedReward", "judged reward", "reward", false],
  ["rolloutAccuracy", "accuracy of fresh roll-outs", "rollout", true],
  ["rolloutGoodSteps", "good steps of fresh roll-outs", "good-steps", true],
]

export function TrainingView({ run }: { run: Run }) {
  const trainings = run.summary.trainings.filter(({ metrics }) => metrics.length > 0)
  return (
    <>
      <header class="view">
        <h1>Training</h1>
        <p class="note">
          The judged reward is what the policy is paid on recorded states. Fresh roll-outs let the same policy act from
          the question on. Reward that climbs while roll-outs fall means that the judge is being gamed. All in per cent.
        </p>
        <p class="key">
          {shares.map(([, title, kind]) => (
            <span key={kind} class={kind}>
              <svg width="26" height="10" aria-hidden="true">
                <line x1="0" x2="26" y1="5" y2="5" />
              </svg>
              {title}
            </span>
          ))}
        </p>
      </header>
      <div class="panels">
        {trainings.map((training) => (
          <TrainingFigure key={training.name} training={training} />
        ))}
      </div>
    </>
  )
}

const pointsOf = ({ metrics }: Training, name: string): Series["points"] =>
  metrics.flatMap(({ step, values }) => {
    const value = values[name]
    return typeof value === "number" && Number.isFinite(value) ? [{ step, value }] : []
  })

function TrainingFigure({ training }: { training: Training }) {
  const { name, alarms, result } = training
  const series = shares
    .map(([of, title, kind, isSparse]) => ({ name: title, class: kind, isSparse, points: pointsOf(training, of) }))
    .filter(({ points }) => points.length > 0)
  return (
    <article class="card">
      <h2>{line(name, 120)}</h2>
      {series.length > 0 && <Curves title={line(name, 120)} series={series} alarms={alarms} />}
      {alarms.length === 0 ? (
        <p class="note">No alarm was raised.</p>
      ) : (
        <ul class="alarms">
          {alarms.map(({ kind, step, message }) => (
            <li key={`${kind} ${step}`} class={grave.includes(kind) ? "grave" : undefined}>
              <b>{line(kind, 40)}</b> at step {step}: {line(message, 400)}
            </li>
          ))}
        </ul>
      )}
      {result && (
        <p class="note">
          {result.steps} steps in {duration(result.seconds)}
          {result.peakMemoryBytes !== undefined && `, ${bytes(result.peakMemoryBytes)} at most`}; trained on{" "}
          {result.kept} of {result.considered} trajectories.
        </p>
      )}
      {!result && <p class="note">It has not ended.</p>}
      <Numbers training={training} />
    </article>
  )
}

/** Steps with roll-outs, and the first and last one: enough to check the curve by. */
function Numbers({ training: { metrics, name } }: { training: Training }) {
  const kept = metrics.filter(
    ({ values }, index) => typeof values.rolloutAccuracy === "number" || index === 0 || index === metrics.length - 1,
  )
  const wanted = [
    "judgedReward",
    "rolloutAccuracy",
    "rolloutGoodSteps",
    "malformedRate",
    "unscoredRate",
    "groupsWithVariance",
    "entropy",
    "loss",
  ]
  const present = wanted.filter((each) => kept.some(({ values }) => typeof values[each] === "number"))
  if (present.length === 0) return null
  const isShare = (each: string) => each !== "entropy" && each !== "loss"
  return (
    <details>
      <summary>The numbers</summary>
      <PlainTable
        of={`Numbers of ${line(name, 60)}`}
        columns={numbers("step", ...present.map(words))}
        lines={kept.map(({ step, values }) => [
          String(step),
          ...present.map((each) => {
            const value = values[each]
            return typeof value !== "number" ? undefined : isShare(each) ? percent(value) : value.toFixed(3)
          }),
        ])}
      />
    </details>
  )
}
