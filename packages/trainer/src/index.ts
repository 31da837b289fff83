export { type Alarm, type AlarmKind, alarmKinds, alarms } from "./alarms.ts"
export type { CreditAssigner } from "./credit/credit.ts"
export { distinctStates, type State, type Weighting } from "./decompose.ts"
export { drawBatch } from "./draw-batch.ts"
export type { DryRunData } from "./dry-run.ts"
export { type ActionKind, type Group, type SampledAction, sampleGroups } from "./groups.ts"
export {
  OutcomeGrpoOptionsSchema,
  type OutcomeGrpoSettings,
  SwirlOptionsSchema,
  type SwirlSettings,
  type TrainingSettings,
} from "./options.ts"
export { trainer, trainer as default } from "./plugin.ts"
export { type PolicyGradient, policyGradient } from "./policy-gradient.ts"
export type { Row } from "./row.ts"
export { freshEpisodes } from "./samplers/fresh-episodes.ts"
export { freshPrefixes } from "./samplers/fresh-prefixes.ts"
export { recordedStates } from "./samplers/recorded-states.ts"
export type { SampledBatch, Sampler } from "./samplers/sampler.ts"
export { groupValues, type StepValues } from "./step-values.ts"
export { type LoopOptions, trainingLoop } from "./training-loop.ts"
export { trainingSpec } from "./training-spec.ts"
