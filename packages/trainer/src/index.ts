export { hasVariance, leaveOneOutAdvantages, type Normalisation } from "./advantages.ts"
export { type Alarm, type AlarmKind, type AlarmLimits, alarms, defaultAlarmLimits } from "./alarms.ts"
export { decompose, distinctStates, type State, type SubTrajectory, type Weighting } from "./decompose.ts"
export { drawBatch } from "./draw-batch.ts"
export { type DryRunData, type DryRunToken, renderDryRun } from "./dry-run.ts"
export { filters } from "./filters.ts"
export { type ActionKind, type Group, type SampledAction, type SamplingOptions, sampleGroups } from "./groups.ts"
export { learningRateAt } from "./learning-rate.ts"
export {
  type SftOptions,
  SftOptionsSchema,
  type SwirlOptions,
  SwirlOptionsSchema,
  type TrainingOptions,
} from "./options.ts"
export { trainer } from "./plugin.ts"
export {
  coefficients,
  type DistinctAction,
  mergeEqual,
  policyLoss,
  type WeighedSample,
  withGradient,
} from "./policy-loss.ts"
export { sft } from "./sft.ts"
export { groupValues, rolloutValues, type Values } from "./step-values.ts"
export { swirl } from "./swirl.ts"
export { type BatchRows, batchRows } from "./training-batch.ts"
export { type LoopOptions, trainingLoop } from "./training-loop.ts"
export { TrainingSchema, type TrainingSpec, trainingSpec } from "./training-spec.ts"
