/** Truncated step-level sampling: fresh prefixes x the judge's score against the other actions of the prefix. A graded judge gives it three values or more. */
import { judgedStates } from "./credit/judged-states.ts"
import { SlateOptionsSchema, type SlateSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { freshPrefixes } from "./samplers/fresh-prefixes.ts"

export const slate = policyGradient<SlateSettings>({
  name: "slate",
  description: "fresh actions at prefixes of fresh episodes, rewarded by a judge",
  needs: ["rollouts"],
  schema: SlateOptionsSchema,
  sampler: freshPrefixes,
  credit: ({ normalise }) => judgedStates(normalise),
  loss: ({ beta, kl, ratioClip }) => ({ beta, kl, ratioClip }),
})
