/** The tasks that recorded trajectories come from: what their answers are worth officially, and what a judge of answers is asked. */
import { countReason, errorMessage, type Reasons, type Trajectory } from "@swirl-ts/core"
import { inParallel } from "@swirl-ts/kit"
import { scoreInTime } from "@swirl-ts/runner"
import type { StageContext } from "../context.ts"
import { type FinalAnswer, finalAnswer } from "../judge/outcomes.ts"
import { recordedTasks } from "../recorded-tasks.ts"

/** Whether each trajectory's answer scores full marks in its benchmark's primary metric; nothing where it has no score. */
export async function officialOutcomes(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): Promise<Map<string, boolean>> {
  const right = new Map<string, boolean>()
  const unscored: Reasons = {}
  const { concurrency, abortSignal } = context
  await inParallel(
    await recordedTasks(context, directory, trajectories),
    concurrency,
    async ({ task, trajectory, benchmark }) => {
      try {
        const metrics = await scoreInTime(benchmark, task, trajectory.answer, abortSignal)
        right.set(trajectory.id, metrics[benchmark.value.primaryMetric]! >= 1)
      } catch (error) {
        abortSignal?.throwIfAborted()
        // What cannot be scored has no outcome: strategies count it as unscored.
        countReason(unscored, errorMessage(error))
      }
    },
  )
  for (const [reason, count] of Object.entries(unscored))
    context.host.log(
      `${count} of ${trajectories.length} answers have no official score, so nobody says whether they are right: ${reason}`,
    )
  return right
}

export async function finalAnswers(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): Promise<FinalAnswer[]> {
  const found = await recordedTasks(context, directory, trajectories)
  return found.map(({ trajectory, task }) => finalAnswer(trajectory, task))
}
