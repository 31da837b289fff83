import { definePlugin } from "@swirl-ts/core"
import {
  type CreditAssigner,
  freshEpisodes,
  OutcomeGrpoOptionsSchema,
  type OutcomeGrpoSettings,
  policyGradient,
} from "@swirl-ts/trainer"

/** Every step is credited with the outcome of its episode, against the mean of the other episodes of the whole batch. */
const acrossQuestions: CreditAssigner = (rows) => {
  const outcomes = new Map(rows.map(({ episodeId, outcome }) => [episodeId, outcome]))
  return rows.map(({ episodeId, outcome }) => {
    const others = [...outcomes].flatMap(([id, other]) => (id === episodeId || other === undefined ? [] : [other]))
    if (outcome === undefined || others.length === 0) return undefined
    return outcome - others.reduce((sum, other) => sum + other, 0) / others.length
  })
}

export default definePlugin({
  meta: { name: "across-questions", version: "1.0.0", apiVersion: 1 },
  algorithms: {
    "across-questions": policyGradient<OutcomeGrpoSettings>({
      name: "across-questions",
      description: "whole fresh episodes, rewarded by outcome against all others of the batch",
      needs: ["rollouts"],
      schema: OutcomeGrpoOptionsSchema,
      sampler: freshEpisodes,
      credit: () => acrossQuestions,
      loss: ({ beta, kl }) => ({ beta, kl, unit: "episode" }),
    }),
  },
})
