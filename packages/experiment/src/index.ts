export { checkNames } from "./check-names.ts"
export { checkPlan } from "./check-plan.ts"
export { type DemoOptions, demoExperiment } from "./demo.ts"
export { type ExpectedWork, expectedWork, type Tokens } from "./expected-work.ts"
export {
  crossTrainings,
  defineExperiment,
  type Experiment,
  type ExperimentInput,
  type ExperimentJudge,
  judgeOf,
  type PlannedTraining,
  readExperiment,
} from "./experiment.ts"
export { guardLeaks } from "./leak-guard.ts"
export { collectMatrix } from "./matrix.ts"
export { type MeasuredBase, measureBase } from "./measure.ts"
export type { ExperimentState } from "./measured-row.ts"
export { type Narrowing, narrowed } from "./narrowed.ts"
export { jobsOf } from "./only.ts"
export { type Job, planJobs } from "./plan.ts"
export { plannedJobs } from "./planned-jobs.ts"
export { runJob } from "./run-job.ts"
export { type FailedJob, runJobs } from "./run-jobs.ts"
