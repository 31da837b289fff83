/**
 * Step-wise preference control: fresh actions at recorded states, in pairs that the judge prefers one of, and the loss of DPO
 * on each pair. Recorded states x preferences. Its KL is DPO's own, so there is no other.
 */
import { preferences, preferenceValues } from "./credit/preferences.ts"
import { StepDpoOptionsSchema, type StepDpoSettings } from "./options.ts"
import { policyGradient } from "./policy-gradient.ts"
import { recordedStates } from "./samplers/recorded-states.ts"
import { roundSpec } from "./samplers/rounds.ts"

export const stepDpo = policyGradient<StepDpoSettings>({
  name: "step-dpo",
  description: "preferences between fresh actions at recorded states, as the judge has them, by the loss of DPO",
  schema: StepDpoOptionsSchema,
  sampler: recordedStates,
  credit: ({ beta }) => preferences(beta),
  comparesInitial: true,
  loss: ({ ratioClip }) => ({ beta: 0, kl: "penalty", ratioClip, unit: "state" }),
  report: (rows, _advantages, { beta }) => preferenceValues(rows, beta),
  derived: roundSpec,
})
