export { evaluatedPolicies, evaluationStage, readSamples, sampleFiles, type TemperedSample } from "./evaluations.ts"
export { type Finished, finishedCommand } from "./finished.ts"
export { machine } from "./machine.ts"
export { type Migrations, migrate, migrations } from "./migrations.ts"
export { evaluatedVerdicts, policySlug, providerOf, type RunPaths, runPaths } from "./paths.ts"
export { hasRecord, type ReadOptions, readRecords, type ScannedRecord, scanRecords } from "./read-records.ts"
export { readDocument, writeDocument } from "./record-document.ts"
export { openRecordFile, type RecordFile, type RecordFileOptions } from "./record-file.ts"
export {
  checkRun,
  digestsOf,
  type OpenRunOptions,
  openRun,
  type Run,
  type RunSpec,
  readRun,
  type StageFacts,
} from "./run.ts"
export { checkSettings, type Settings, type SettingsCheck } from "./settings.ts"
export { trajectoryFilesAt } from "./trajectory-files.ts"
