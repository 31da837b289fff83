export { type BenchmarkCalibration, calibrateJudge, calibrateOnLabels } from "./calibrate.ts"
export { closingText, direction, isGamed } from "./closing.ts"
export { collectMatrix, guardLeaks } from "./collect-matrix.ts"
export { dataPathOf, openPolicy, type Progress, type StageContext } from "./context.ts"
export { type DemoOptions, demoCells, demoExperiment } from "./demo.ts"
export {
  crossTrainings,
  defineExperiment,
  type Experiment,
  type ExperimentInput,
  ExperimentSchema,
  judgeOf,
  parseCell,
  type TrainingSpec,
} from "./experiment.ts"
export { labelsOf } from "./labels.ts"
export { assertNoLeak } from "./leak-guard.ts"
export {
  type CellResult,
  type ChangedCell,
  cellResult,
  changedCell,
  type Matrix,
  type MatrixRow,
  MatrixSchema,
} from "./matrix.ts"
export { type JudgedAccuracy, type OutcomeBench, openOutcomeJudge } from "./outcomes.ts"
export { type Job, type PolicyReference, planJobs, runJobs } from "./plan.ts"
export { describeTask, selectTasks } from "./rollouts.ts"
export { policyModel, runJob } from "./run-job.ts"
export {
  type CellEvaluation,
  type ComparedCell,
  compareEvaluations,
  type EvaluateRequest,
  evaluateCell,
  readEvaluation,
} from "./stage-evaluate.ts"
export { type FilterRequest, type FilterStageResult, filter } from "./stage-filter.ts"
export {
  type GenerateRequest,
  type GenerateResult,
  generate,
  generateUntilKept,
  type UntilKeptRequest,
} from "./stage-generate.ts"
export { type JudgeOptions, type JudgeStageResult, judge, openJudge } from "./stage-judge.ts"
export { dryRun, readTrainResult, type TrainRequest, type TrainStageResult, train } from "./stage-train.ts"
export { readTrajectories } from "./trajectories.ts"
