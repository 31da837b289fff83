/**
 * Fresh prefixes: an episode of the live policy a question, and at states on its way fresh actions, which are not executed.
 * All actions of a state share their prefix, as at recorded states; the states are never older than the policy.
 */
import { seedFrom, type TrainingContext } from "@swirl-ts/core"
import { sampleGroups } from "../groups.ts"
import { groupValues } from "../step-values.ts"
import { questionsOf } from "../tasks.ts"
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
  const questions = questionsOf(context)
  return {
    async sample(step) {
      const drawn = [...new Set(questions.draw(options.tasks, context.seed, step - 1))]
      const seed = seedFrom(context.seed, "prefixes", step)
      const episodes = await context.rollouts!(
        drawn.map((index) => questions.all[index]!),
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
