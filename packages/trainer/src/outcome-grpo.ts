/** Outcome-reward control: fresh episodes x the outcome against the question's other episodes. The upper bound of what labels give. */
import { outcomes } from "./credit/outcomes.ts"
import { OutcomeGrpoOptionsSchema, type OutcomeGrpoSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { freshEpisodes } from "./samplers/fresh-episodes.ts"

export const outcomeGrpo = policyGradient<OutcomeGrpoSettings>({
  name: "outcome-grpo",
  description:
    "whole fresh episodes, rewarded by the benchmark's score of their answers against others of the question",
  needs: ["rollouts"],
  schema: OutcomeGrpoOptionsSchema,
  sampler: freshEpisodes,
  credit: ({ normalise }) => outcomes(normalise),
  loss: ({ beta, kl, ratioClip }) => ({ beta, kl, ratioClip, unit: "episode" }),
})
