/** Turn and outcome reward: fresh episodes x the judge's score of each step and the outcome of its episode, against other episodes. */
import { turnsAndOutcome } from "./credit/turns-and-outcome.ts"
import { MtGrpoOptionsSchema, type MtGrpoSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { freshEpisodes } from "./samplers/fresh-episodes.ts"

export const mtGrpo = policyGradient<MtGrpoSettings>({
  name: "mt-grpo",
  description: "whole fresh episodes, every step rewarded by the judge and by the outcome of its episode",
  needs: ["rollouts"],
  schema: MtGrpoOptionsSchema,
  sampler: (context, options) => freshEpisodes(context, options, { scored: true }),
  credit: turnsAndOutcome,
  loss: ({ beta, kl, ratioClip }) => ({ beta, kl, ratioClip, unit: "episode" }),
})
