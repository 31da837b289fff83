export { type Calibration, calibrate } from "./calibrate.ts"
export { grounded } from "./grounded.ts"
export {
  type JudgeAllOptions,
  type JudgeStepOptions,
  type JudgeSummary,
  judgeAll,
  judgeTrajectory,
  safeVerdict,
  verdictId,
} from "./judge-all.ts"
export { lastVerdict, type VerdictWords } from "./last-verdict.ts"
export { findJudgeLeaks } from "./leaks.ts"
export { llm, llmOutcome, llmPairwise } from "./llm.ts"
export type { LlmOptions } from "./llm-options.ts"
export { withNoise } from "./noise.ts"
export type { GroundedOptions, GroundedSettings } from "./options.ts"
export { judges as default, judges } from "./plugin.ts"
