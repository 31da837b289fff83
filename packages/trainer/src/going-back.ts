/**
 * Going back after an alarm: to the step whose fresh roll-outs were best, the starting policy among them. It follows from the
 * records alone, so a training that was killed goes back to the same step.
 */
import { type MetricRecord, SwirlError, type TrainingContext } from "@swirl-ts/core"

/** The first of the best by accuracy; undefined where no roll-out was scored. `steps`: those that can be gone back to. */
export function bestStep(
  records: readonly Pick<MetricRecord, "step" | "values">[],
  steps?: readonly number[],
): number | undefined {
  let best: { step: number; accuracy: number } | undefined
  for (const { step, values } of records) {
    const accuracy = values.rolloutAccuracy ?? undefined
    if (accuracy === undefined || (steps && !steps.includes(step))) continue
    if (!best || accuracy > best.accuracy) best = { step, accuracy }
  }
  return best?.step
}

export function checkGoingBack({ rollout }: Pick<TrainingContext, "rollout">, stopOnAlarm: boolean | undefined): void {
  if (!stopOnAlarm || rollout) return
  throw new SwirlError(
    "Stopping on an alarm goes back to the checkpoint whose fresh roll-outs were best, and this training makes none. Give it some (--rollout-tasks 100), or leave stopOnAlarm out.",
    { kind: "usage" },
  )
}
