/** What a step over fresh episodes reports: the usual of its actions, and the outcomes of its episodes. */
import { type Episode, taskKey } from "@swirl-ts/core"
import { hasVariance } from "./advantages.ts"
import type { Row } from "./row.ts"
import { actionValues, type StepValues } from "./step-values.ts"

export function episodeValues(
  episodes: readonly Episode[],
  rows: readonly Row[],
  { isJudged }: { isJudged: boolean },
): StepValues {
  const groups = [...Map.groupBy(episodes, taskKey).values()]
  const differing = groups.filter((group) => hasVariance(group.map(({ outcome }) => outcome)))
  const questions = [...Map.groupBy(rows, ({ questionId }) => questionId).values()]
  const varied = questions.filter((group) =>
    (["outcome", "score", "gain"] as const).some((reward) => hasVariance(group.map((row) => row[reward]))),
  )
  const outcomes = episodes.flatMap(({ outcome }) => outcome ?? [])
  const share = (count: number, of: number): number | null => (of === 0 ? null : count / of)
  const values = actionValues([...Map.groupBy(rows, ({ stateId }) => stateId).values()])
  return {
    ...values,
    // What nobody was asked for is not unscored.
    ...(isJudged
      ? {}
      : {
          judgedReward: null,
          unscoredRate: null,
          unscoredToolRate: null,
          unscoredAnswerRate: null,
          scoredSamples: rows.filter(({ outcome }) => outcome !== undefined).length,
        }),
    /** Here of questions, by whatever their episodes are rewarded for. */
    groupsWithVariance: share(varied.length, questions.length),
    outcomeReward: share(
      outcomes.reduce((sum, outcome) => sum + outcome, 0),
      outcomes.length,
    ),
    episodes: episodes.length,
    episodesWithoutOutcome: episodes.length - outcomes.length,
    /** Questions whose episodes all score the same. */
    equalGroups: groups.length - differing.length,
  }
}
