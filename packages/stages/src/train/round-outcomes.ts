/**
 * Who says of a later round's episodes which are right: the outcome judge by which the recorded trajectories were selected,
 * with the same model and settings; without one, the benchmark's own score.
 */
import { type Algorithm, canonicalJson, type Episode, SwirlError } from "@swirl-ts/core"
import { mapInParallel } from "@swirl-ts/kit"
import type { StageContext } from "../context.ts"
import type { FilterRequest } from "../filter/filter.ts"
import { type Identities, identitiesOf, openOutcomeJudge } from "../judge/open-judge.ts"
import { finalAnswer, verdictOf } from "../judge/outcomes.ts"
import type { TrainedTasks } from "./trained-tasks.ts"

/** Of the selections that a training follows. */
export interface SelectedBy {
  outcomeJudge: string
  identities: Identities
}

export interface RoundOutcomes {
  /** Throws where that judge cannot be asked here, or is another one now. */
  check(): Promise<void>
  /** Undefined of an episode that it gave no verdict on. */
  areRight(episodes: readonly Episode[]): Promise<(boolean | undefined)[]>
  close(): Promise<void>
}

export function roundOutcomes(
  context: StageContext,
  { outcomeOptions }: Pick<FilterRequest, "outcomeOptions">,
  { outcomeJudge: name, identities }: SelectedBy,
  tasks: Pick<TrainedTasks, "find">,
): RoundOutcomes {
  const judge = openOutcomeJudge(context, name, outcomeOptions)
  const check = async (): Promise<void> => {
    const benchmarks = Object.keys(identities).map((benchmark) => ({ benchmark }))
    const now = await identitiesOf(judge, benchmarks)
    if (canonicalJson(now) === canonicalJson(identities)) return
    throw new SwirlError(
      `Later rounds are filtered as the recorded trajectories were, by the outcome judge ${name}, and that is another one now (${Object.values(identities).join(", ")} then, ${Object.values(now).join(", ")} now). Give the same --judge-model and its options, or make the selection anew: swirl filter --outcome-judge ${name}`,
      { kind: "usage" },
    )
  }
  let checked: Promise<void> | undefined
  return {
    check: () => {
      checked ??= check()
      return checked
    },
    async areRight(episodes) {
      checked ??= check()
      await checked
      return mapInParallel(episodes, context.concurrency, async (episode) => {
        const { task } = await tasks.find(episode)
        const { verdict } = await verdictOf(context, await judge.of(episode.benchmark), finalAnswer(episode, task))
        return verdict === "unscored" ? undefined : verdict === "good"
      })
    },
    close: () => judge.close(),
  }
}

/** Whether a training will ask for later rounds, as far as its options say. */
export const hasLaterRounds = (
  { amounts = [], needs = [] }: Algorithm,
  { rounds }: Readonly<Record<string, unknown>>,
) => amounts.includes("rounds") && (typeof rounds === "number" ? rounds > 1 : needs.includes("rollouts"))
