export { checkPolicy, dataPathOf, openPolicy, type Progress, type StageContext, toolCallSettings } from "./context.ts"
export { type CheckedFiles, checkFiles } from "./data/check-files.ts"
export { type DerivedFile, writeDerivedFile } from "./data/derived-file.ts"
export type { CellEvaluation, EvaluateRequest } from "./evaluate/cell-evaluation.ts"
export { cellResult } from "./evaluate/cell-result.ts"
export {
  type ComparedCell,
  type ComparedPolicy,
  type Comparison,
  compareAllCells,
  compareEvaluations,
  type Temperatures,
} from "./evaluate/compare.ts"
export { type CellCoverage, readCoverage } from "./evaluate/coverage-record.ts"
export { checkEvaluations, evaluateCell, evaluateCells } from "./evaluate/evaluate.ts"
export { cellOf } from "./evaluate/evaluation-split.ts"
export { type PairedQuestion, pairedCells, pairedQuestions } from "./evaluate/paired-cells.ts"
export { type EvaluatedCell, readEvaluation } from "./evaluate/read-evaluation.ts"
export { type RescoredCell, type Rescoring, rescore } from "./evaluate/rescore.ts"
export { type FilterRequest, type FilterStageResult, filter } from "./filter/filter.ts"
export { checkGeneration, type GenerateRequest, type GenerateResult, generate } from "./generate/generate.ts"
export { generateUntilKept, type UntilKeptRequest } from "./generate/until-kept.ts"
export { agreement, type Calibration } from "./judge/agreement.ts"
export { type BenchmarkCalibration, calibrateJudge } from "./judge/calibrate.ts"
export { type ComparedJudge, compareJudges, type NamedJudge } from "./judge/compare-judges.ts"
export { type JudgeStageResult, judge } from "./judge/judge.ts"
export { type JudgedAgainst, judgeAgainst } from "./judge/judge-against.ts"
export {
  type JudgeAllOptions,
  type JudgeStepOptions,
  type JudgeSummary,
  judgeAll,
  judgeTrajectory,
  verdictId,
} from "./judge/judge-all.ts"
export { judgeEvaluated, readEvaluatedVerdicts } from "./judge/judge-evaluated.ts"
export { findJudgeLeaks } from "./judge/leaks.ts"
export {
  type JudgeOptions,
  type OpenJudge,
  type OpenOutcomeJudge,
  openJudge,
  openOutcomeJudge,
} from "./judge/open-judge.ts"
export { oraclesOf } from "./judge/oracles.ts"
export { type JudgedAccuracy, readOutcomes, referenceAnswers } from "./judge/outcomes.ts"
export { readVerdicts } from "./judge/verdicts.ts"
export { judgeClient } from "./judge-service/judge-client.ts"
export { type ServedJudge, serveJudge } from "./judge-service/serve-judge.ts"
export { type CellLeaks, cellLeaks, leaksInWords, refuseLeaks } from "./leaks/cell-leaks.ts"
export { type BenchmarkSplit, knownQuestion } from "./leaks/known-question.ts"
export { type SeenByPolicy, seenByPolicy } from "./leaks/seen-questions.ts"
export { openFormat } from "./open-format.ts"
export { readPrompting } from "./prompting.ts"
export { isOfPolicy } from "./provenance/policy-name.ts"
export { type Asked, eachRecordedTask } from "./recorded-tasks.ts"
export {
  type CachedModel,
  cacheFolder,
  listCache,
  type Pruned,
  type PruneRequest,
  pruneCache,
} from "./response-cache/cache-folder.ts"
export { cacheInWords, openResponseCache, type ResponseCache } from "./response-cache/response-cache.ts"
export { type CorpusCoverage, type CoverageCount, corpusCoverage } from "./retrieve/coverage.ts"
export { type CorpusIndex, type EvaluatedRankings, evaluateRankings, indexCorpus } from "./retrieve/index-corpus.ts"
export { type FoundPassages, searchCorpus } from "./retrieve/search-corpus.ts"
export { describeTask, selectTasks, shownPrompt, type TaskSelection, toolsOf } from "./rollouts.ts"
export { type BoundTools, openServedTools, type ServedTools, type ServeRequest } from "./serve/served-tools.ts"
export { type MergedRun, type MergeOptions, mergeShards } from "./shards/merge.ts"
export { runShards, type ShardsRequest } from "./shards/run-shards.ts"
export { checkIsShard, type TakenShard, takeShard } from "./shards/take-shard.ts"
export { recordedReferences } from "./shown/recorded-references.ts"
export { recordedTokens } from "./shown/recorded-tokens.ts"
export { recordedTurns } from "./shown/recorded-turns.ts"
export { importStage, loadTasks } from "./tasks.ts"
export { replayingTools } from "./tool-replay/replaying-tools.ts"
export { endedAsAsked } from "./train/finished-training.ts"
export { checkGold } from "./train/gold-answers.ts"
export { dryRun, train } from "./train/train.ts"
export { readTrainResult } from "./train/train-result.ts"
export { checkEngine, type EngineRequest } from "./train/training-engine.ts"
export { checkTraining, type TrainRequest } from "./train/training-stage.ts"
export { readTrajectories } from "./trajectories.ts"
