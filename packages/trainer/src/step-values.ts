/**
 * What a training step reports, as flat numbers. Rates are over samples unless said otherwise; a value that does not
 * exist (no scored sample, no roll-out) is null, never 0. Step n describes what the policy before update n sampled, and
 * what update n did; its roll-outs are of the policy after update n. Step 0 is the starting policy.
 */
import type { RolloutSummary } from "@swirl-ts/core"
import { hasVariance } from "./advantages.ts"
import type { ActionKind, Group } from "./groups.ts"
import type { Row } from "./row.ts"

export type StepValues = Record<string, number | null>

export const groupValues = (groups: readonly Group[]): StepValues =>
  actionValues(groups.map(({ actions }) => actions.map((action) => ({ ...action, score: action.reward }))))

type Action = Pick<Row, "kind" | "tokenIds" | "logProbabilities" | "score">

/** The same of actions of any origin, those of one state together. */
export function actionValues(groups: readonly (readonly Action[])[]): StepValues {
  const samples = groups.flat()
  const scored = samples.filter((sample) => sample.score !== undefined)
  const tokens = sum(samples, (sample) => sample.tokenIds.length)
  const share = (kind: ActionKind) => ratio(samples.filter((sample) => sample.kind === kind).length, samples.length)
  return {
    judgedReward: ratio(
      sum(scored, (sample) => sample.score!),
      scored.length,
    ),
    /** Share of groups in which rewards differ: those with a policy gradient. */
    groupsWithVariance: ratio(
      groups.filter((group) => hasVariance(group.map((sample) => sample.score))).length,
      groups.length,
    ),
    /** Estimate per token, in nats: mean of −log π over the sampled tokens. */
    entropy: ratio(
      sum(samples, (sample) => -sum(sample.logProbabilities, (value) => value)),
      tokens,
    ),
    toolCallRate: share("tool"),
    answerRate: share("answer"),
    malformedRate: share("malformed"),
    cutOffRate: share("cut-off"),
    unscoredRate: ratio(samples.length - scored.length, samples.length),
    /** Of the samples of that kind. */
    unscoredToolRate: unscoredOf(samples, "tool"),
    unscoredAnswerRate: unscoredOf(samples, "answer"),
    meanLength: ratio(tokens, samples.length),
    /** Different actions a group. */
    distinctActions: ratio(
      sum(groups, (group) => new Set(group.map((sample) => sample.tokenIds.join(" "))).size),
      groups.length,
    ),
    scoredSamples: scored.length,
    sampledTokens: tokens,
  }
}

export function rolloutValues(summary: RolloutSummary | undefined): StepValues {
  return {
    rolloutTrajectories: summary?.trajectories ?? null,
    rolloutAccuracy: summary?.accuracy ?? null,
    rolloutGoodSteps: summary?.goodSteps ?? null,
    rolloutMalformed: summary?.malformed ?? null,
    rolloutToolCalls: summary?.toolCalls ?? null,
    rolloutMeanSteps: summary?.meanSteps ?? null,
    rolloutAnswered: summary?.answered ?? null,
  }
}

function unscoredOf(samples: readonly Action[], kind: ActionKind): number | null {
  const ofKind = samples.filter((sample) => sample.kind === kind)
  return ratio(ofKind.filter((sample) => sample.score === undefined).length, ofKind.length)
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator
}
