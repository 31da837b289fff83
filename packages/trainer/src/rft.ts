/**
 * Rejection-sampling fine-tuning: generate, filter, imitate, and again from the policy that came of it. The filter is the
 * training's own: by outcome it is RFT as published, by process its label-free sibling. Recorded actions in rounds x imitation.
 */
import { RftOptionsSchema, type RftSettings } from "./options.ts"
import { supervised } from "./supervised.ts"

export const rft = supervised<RftSettings>({
  name: "rft",
  description: "rejection-sampling fine-tuning: supervised on what the filter keeps, generated anew every round",
  needs: ["rollouts"],
  schema: RftOptionsSchema,
})
