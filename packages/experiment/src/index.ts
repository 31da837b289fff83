export { closingText, direction, isGamed } from "./closing.ts"
export { collectMatrix, guardLeaks } from "./collect-matrix.ts"
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
export { assertNoLeak } from "./leak-guard.ts"
export { type Matrix, type MatrixRow, MatrixSchema } from "./matrix.ts"
export { type Job, type PolicyReference, planJobs, runJobs } from "./plan.ts"
export { policyModel, runJob } from "./run-job.ts"
