/** The leak guard of an evaluation: what its policy is on record to have seen, against all questions of its cells, before anything is written. */
import type { LeakMode } from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { type CellLeaks, cellLeaks, refuseLeaks } from "../leaks/cell-leaks.ts"
import { seenByPolicy } from "../leaks/seen-questions.ts"
import type { RolloutPlan } from "../provenance/plan-rollout.ts"

/** As much of an evaluation as the guard looks at. */
export interface GuardedPlan extends Pick<RolloutPlan, "settings" | "tasks"> {
  request: { model: string; leak?: LeakMode }
}

/** All plans are of one model. Throws where the very questions were seen, and that is refused. */
export async function evaluationLeaks<Plan extends GuardedPlan>(
  context: StageContext,
  plans: readonly Plan[],
): Promise<ReadonlyMap<Plan, CellLeaks>> {
  const guarded = plans.filter(({ request }) => request.leak !== "off")
  if (guarded.length === 0) return new Map()
  const { model } = guarded[0]!.request
  const { questions: seen, directory } = await seenByPolicy(context, model)
  if (directory !== undefined && !seen)
    context.host.log(`${model}: no record says what it was trained on, so nobody can say which questions it has seen.`)
  const found = new Map(
    guarded.map((plan) => {
      const { benchmark } = plan.settings
      return [plan, cellLeaks({ benchmark, split: benchmark.split }, plan.tasks, seen ?? [])] as const
    }),
  )
  const refusing = guarded.filter(({ request }) => (request.leak ?? "refuse") === "refuse")
  refuseLeaks(
    refusing.map((plan) => found.get(plan)!),
    `${model} has seen`,
  )
  return found
}
