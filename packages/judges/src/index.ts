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
export { findJudgeLeaks } from "./leaks.ts"
export { withNoise } from "./noise.ts"
export type { GroundedOptions, GroundedSettings } from "./options.ts"
export { judges as default, judges } from "./plugin.ts"
