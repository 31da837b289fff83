/** Supervised control on the same trajectories: recorded actions x imitation, malformed turns included. */
import { SftOptionsSchema, type SftSettings } from "./options.ts"
import { supervised } from "./supervised.ts"

export const sft = supervised<SftSettings>({
  name: "sft",
  description: "supervised fine-tuning on the recorded actions: the control for swirl",
  schema: SftOptionsSchema,
})
