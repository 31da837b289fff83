export { type DemoOptions, demoCells, demoExperiment } from "./demo.ts"
export {
  crossTrainings,
  defineExperiment,
  type Experiment,
  type ExperimentInput,
  ExperimentSchema,
  judgeOf,
  type TrainingSpec,
} from "./experiment.ts"
export { assertNoLeak, guardLeaks } from "./leak-guard.ts"
export { collectMatrix } from "./matrix.ts"
export { type Job, type PolicyReference, planJobs, runJobs } from "./plan.ts"
export { policyModel, runJob } from "./run-job.ts"
