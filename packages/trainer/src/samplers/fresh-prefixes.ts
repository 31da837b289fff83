/**
 * Fresh prefixes: an episode of the live policy a question, and at states on its way fresh actions, which are not executed.
 * All actions of a state share their prefix, as at recorded states; the states are never older than the policy.
 */
import { SwirlError, seedFrom, type TrainingContext } from "@swirl-ts/core"
import { drawBatch } from "../draw-batch.ts"
import { sampleGroups } from "../groups.ts"
import { groupValues } from "../step-values.ts"
import { tasksOf } from "../tasks.ts"
import { tokensOf } from "./fresh-episodes.ts"
import { rowsOfGroups, statesOf } from "./recorded-states.ts"
import type { Sampler } from "./sampler.ts"

export interface PrefixOptions {
  /** Questions a batch. */
  tasks: number
  /** States drawn a batch. */
  states: number
  /** Fresh actions a state. */
  samples: number
  maxTokens: number
}

export function freshPrefixes(context: TrainingContext, options: PrefixOptions): Sampler {
  const tasks = tasksOf(context)
  if (tasks.length === 0) {
    throw new SwirlError(
      "There is no question to train on: no trajectory was kept by the filter. Generate more trajectories, or choose another filter.",
    )
  }
  const weights = tasks.map(() => 1 / tasks.length)
  return {
    async sample(step) {
      const drawn = [...new Set(drawBatch(weights, options.tasks, context.seed, step - 1))]
      const seed = seedFrom(context.seed, "prefixes", step)
      const episodes = await context.rollouts!(
        drawn.map((index) => tasks[index]!),
        1,
        seed,
      )
      const own = { episodes: episodes.length, episodeTokens: tokensOf(episodes) }
      const begun = episodes.filter(({ steps }) => steps.length > 0)
      if (begun.length === 0) return { rows: [], values: { ...groupValues([]), ...own } }
      const { draw } = statesOf(context, begun, { states: options.states, weighting: "trajectory" })
      const groups = await sampleGroups(context, draw(step - 1), step, options)
      return { rows: rowsOfGroups(groups), values: { ...groupValues(groups), ...own } }
    },
  }
}
