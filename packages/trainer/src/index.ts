export { hasVariance, leaveOneOutAdvantages, type Normalisation } from "./advantages.ts"
export { type Alarm, type AlarmKind, type AlarmLimits, alarms, defaultAlarmLimits } from "./alarms.ts"
export { type BatchRows, batchRows } from "./batch-rows.ts"
export { drawBatch } from "./batches.ts"
export { decompose, distinctStates, type State, type SubTrajectory, type Weighting } from "./decompose.ts"
export { type DryRunData, type DryRunToken, renderDryRun } from "./dry-run.ts"
export { filters } from "./filters.ts"
export { type ActionKind, type Group, type SampledAction, type SamplingOptions, sampleGroups } from "./groups.ts"
export { groupValues, rolloutValues, type Values } from "./metrics.ts"
export {
  readOptions,
  type SftOptions,
  SftOptionsSchema,
  type SwirlOptions,
  SwirlOptionsSchema,
  type TrainingOptions,
} from "./options.ts"
export { trainer } from "./plugin.ts"
export { coefficients, type DistinctAction, mergeEqual, policyLoss, type WeighedSample, withGradient } from "./rows.ts"
export { learningRateAt } from "./schedule.ts"
export { sft } from "./sft.ts"
export { swirl } from "./swirl.ts"
export { type LoopOptions, trainingLoop } from "./training-loop.ts"
export { TrainingSchema, type TrainingSpec, trainingSpec } from "./training-spec.ts"
