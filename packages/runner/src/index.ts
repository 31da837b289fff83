export { malformedReply } from "./action-text.ts"
export { type BindContext, bindEach, bindTools, disposeTools } from "./bound-tools.ts"
export { conversationBefore, stepTurns } from "./conversation.ts"
export { type EvaluateOptions, type Evaluation, evalSample, evaluate } from "./evaluate.ts"
export { type EvaluationFiles, openEvaluationFiles, openRolloutFiles, type RolloutFiles } from "./files.ts"
export { native } from "./format-native.ts"
export { tags } from "./format-tags.ts"
export { benchmarkTools, loadToolSchemas, namedTools, type Tools } from "./named-tools.ts"
export { formats, formats as default } from "./plugin.ts"
export { type Progress, type RolloutOptions, type RolloutResult, rollout } from "./rollout.ts"
export type { Sampling } from "./sampling.ts"
export { scoreInTime } from "./score.ts"
export { hasTokenIds, taughtTrajectory } from "./taught-trajectory.ts"
export { callWithinLimits, changedLimits, type LimitedCallOptions, type ToolCallSettings } from "./tool-call.ts"
export type { RecordedCall, ToolReplay } from "./tool-replay.ts"
export {
  plannedTrajectoryId,
  runTrajectory,
  type TrajectoryOptions,
  type TrajectorySettings,
} from "./trajectory.ts"
