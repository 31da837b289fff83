/** Groups in groups: fresh episodes x their outcome, and what followed from states that episodes of the question share. */
import { equalStates } from "./credit/equal-states.ts"
import { GigpoOptionsSchema, type GigpoSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { freshEpisodes } from "./samplers/fresh-episodes.ts"

export const gigpo = policyGradient<GigpoSettings>({
  name: "gigpo",
  description: "whole fresh episodes, rewarded by outcome and by what followed from states that they share",
  needs: ["rollouts"],
  schema: GigpoOptionsSchema,
  sampler: freshEpisodes,
  credit: equalStates,
  loss: ({ beta, kl, ratioClip }) => ({ beta, kl, ratioClip, unit: "episode" }),
})
