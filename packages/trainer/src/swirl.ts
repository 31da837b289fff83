/**
 * SWiRL (METHOD 4): at recorded states, sample actions afresh, let the judge score each, and follow the policy gradient.
 * Recorded states x the judge's score against the other actions of the state.
 */
import type { Algorithm } from "@swirl-ts/core"
import { optionsOf } from "./algorithm-of.ts"
import { judgedStates } from "./credit/judged-states.ts"
import { dryRun } from "./dry-run.ts"
import { sampleGroups } from "./groups.ts"
import { SwirlOptionsSchema, type SwirlSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { recordedStates, rowsOfGroups, statesOf } from "./samplers/recorded-states.ts"
import { roundSpec } from "./samplers/rounds.ts"
import { createTrainingBatch } from "./training-batch.ts"

const recipe = {
  name: "swirl",
  description: "step-wise reinforcement learning: fresh actions at recorded states, rewarded by a judge",
  schema: SwirlOptionsSchema,
  sampler: recordedStates,
  credit: ({ normalise }: SwirlSettings) => judgedStates(normalise),
  loss: ({ beta, kl, ratioClip }: SwirlSettings) => ({ beta, kl, ratioClip }),
  derived: roundSpec,
} as const

export const swirl = {
  ...policyGradient<SwirlSettings>(recipe),
  async dryRun(context) {
    const options = optionsOf(recipe, context)
    const [first] = statesOf(context, context.trajectories, options).draw(0)
    const groups = await sampleGroups(context, [first!], 1, options)
    const rows = rowsOfGroups(groups)
    const batch = await createTrainingBatch(context, rows, judgedStates(options.normalise)(rows), options)
    return dryRun(context, groups[0]!, batch, options)
  },
} as const satisfies Algorithm
