/**
 * Every record that is written to a run folder, as zod schemas. `schema` names the record and its major version.
 * A record's id comes from what it is, so writing it twice is harmless.
 */
import { z } from "zod"
import { PromptSchema, ProviderFieldsSchema } from "../prompts/prompt.ts"
import { BudgetSchema, UsedSchema } from "./budget.ts"
import { CoverageSchema } from "./coverage.ts"
import { EndpointCountSchema } from "./endpoint.ts"
import { ImportedSchema, ImportsSchema } from "./imported.ts"
import { LeakSchema, SeenQuestionSchema } from "./leak.ts"
import { MakerSchema } from "./maker.ts"
import { MatrixSchema } from "./matrix.ts"
import { MeasurementSchema } from "./measurement.ts"
import { RecordedToolSchema } from "./recorded-tool.ts"
import { ServedVerdictSchema } from "./served-verdict.ts"
import { TemperatureSchema } from "./temperature.ts"
import {
  CandidateStateSchema,
  MetricSchema,
  RoundSchema,
  TrainingJobSchema,
  TrainingResultSchema,
  TrainingSchema,
} from "./training-records.ts"

/** What a provider sent along with a part of a turn, to have it back. */
const providerMetadata = ProviderFieldsSchema.optional()
const ReasoningSchema = z.array(z.object({ text: z.string(), providerMetadata })).optional()

const tokenCounts = { inputTokens: z.number(), outputTokens: z.number() }
const UsageSchema = z.object(tokenCounts)

/** What was spent on a trajectory, and beside it what its turns from a cache or a recording took when they were made. */
const TrajectoryUsageSchema = z.object({
  ...tokenCounts,
  cached: z.object({ responses: z.int().positive(), ...tokenCounts }).optional(),
})
export type TrajectoryUsage = z.infer<typeof TrajectoryUsageSchema>

/** Tokens of all turns, whenever they were paid for: how long a trajectory is, not what it cost. */
export const tokensOf = ({ inputTokens, outputTokens, cached }: TrajectoryUsage) => ({
  inputTokens: inputTokens + (cached?.inputTokens ?? 0),
  outputTokens: outputTokens + (cached?.outputTokens ?? 0),
})

export const StepSchema = z.object({
  index: z.int().nonnegative(),
  kind: z.enum(["tool", "answer", "malformed"]),
  /** The whole model turn, its thoughts aside. */
  text: z.string(),
  /** What the model thought before it. No later turn and no judge is shown it, but a provider that needs it back with a call. */
  reasoning: ReasoningSchema,
  call: z.object({ tool: z.string(), input: z.unknown(), query: z.string(), providerMetadata }).optional(),
  /** The model's own calls of a turn that could not be read, each as it was written; all of them are answered. */
  toolCalls: z.array(z.object({ toolName: z.string(), input: z.string(), providerMetadata })).optional(),
  providerMetadata,
  answer: z.string().optional(),
  /** Why a turn could not be read. */
  malformed: z.string().optional(),
  observation: z.object({ text: z.string(), isError: z.boolean(), nothingFound: z.boolean().optional() }).optional(),
  /** Ids that entered the context since the previous step's sampled ids: the prompt, or the reply and the turn's opening. */
  contextTokenIds: z.array(z.int()).optional(),
  /** Sampled ids of this turn, the end-of-turn id included when sampled. */
  tokenIds: z.array(z.int()).optional(),
  /** How the turn stands before later ones, where not as sampled: without its thought, and without the last `dropped` ids before it. */
  shown: z.object({ dropped: z.int().nonnegative(), tokenIds: z.array(z.int()) }).optional(),
  /** One a sampled id, natural logarithm. */
  logProbabilities: z.array(z.number()).optional(),
  finishReason: z.enum(["stop", "length", "error", "other"]),
})
export type Step = z.infer<typeof StepSchema>

/** False for malformed and cut-off actions: they are bad without asking a judge (DESIGN 5). */
export const needsJudge = (step: Step): boolean => step.kind !== "malformed" && step.finishReason !== "length"

export const TrajectorySchema = z.object({
  schema: z.literal("swirl.trajectory/1"),
  id: z.string(),
  taskId: z.string(),
  /** Full name of the benchmark, e.g. `bench-gsm8k/gsm8k`. */
  benchmark: z.string(),
  split: z.string(),
  epoch: z.int().nonnegative(),
  seed: z.int(),
  policy: z.string(),
  actionFormat: z.string(),
  question: z.string(),
  /** The first prompt; every later turn follows from the steps. */
  prompt: PromptSchema,
  steps: z.array(StepSchema),
  answer: z.string().optional(),
  status: z.enum(["answered", "step-limit", "token-limit", "error"]),
  error: z.string().optional(),
  usage: TrajectoryUsageSchema,
})
export type Trajectory = z.infer<typeof TrajectorySchema>

/** A turn's ids where the model keeps them: `TokenMetadata` says what each is. */
export const TokenMetadataSchema = z.object({
  promptTokenIds: z.array(z.int()),
  tokenIds: z.array(z.int()),
  logProbabilities: z.array(z.number()),
  finishReason: z.enum(["stop", "length"]),
})

/** One accepted model response, written before its step goes on: a kill costs only what was in flight. It goes when its trajectory is final. */
export const ResponseSchema = z.object({
  schema: z.literal("swirl.response/1"),
  /** Hash of trajectory id, step and request. */
  id: z.string(),
  trajectoryId: z.string(),
  step: z.int().nonnegative(),
  generation: z.object({
    text: z.string(),
    toolCalls: z.array(z.object({ toolCallId: z.string(), toolName: z.string(), input: z.string(), providerMetadata })),
    callProblem: z.string().optional(),
    reasoning: ReasoningSchema,
    providerMetadata,
    finishReason: z.enum(["stop", "length", "error", "other"]),
    usage: UsageSchema,
    tokens: TokenMetadataSchema.optional(),
    cached: z.literal(true).optional(),
  }),
})
export type ResponseRecord = z.infer<typeof ResponseSchema>

export const VerdictSchema = z.object({
  schema: z.literal("swirl.verdict/1"),
  id: z.string(),
  trajectoryId: z.string(),
  step: z.int().nonnegative(),
  judge: z.string(),
  /** True where the judge knows the task: an upper bound. Absent in records of before it was written. */
  oracle: z.boolean().optional(),
  verdict: z.enum(["good", "bad", "unscored"]),
  score: z.number().optional(),
  reason: z.string(),
  /** Digest of the question's siblings, of a judge that asks for them: where they are others now, it is stale. */
  siblings: z.string().optional(),
})
export type VerdictRecord = z.infer<typeof VerdictSchema>

export const EvalSampleSchema = z.object({
  schema: z.literal("swirl.eval-sample/1"),
  id: z.string(),
  taskId: z.string(),
  trajectoryId: z.string(),
  benchmark: z.string(),
  split: z.string(),
  epoch: z.int().nonnegative(),
  policy: z.string(),
  /** Of sampling; 0 is greedy. Like the fields up to `primaryMetric`, absent in records of before it was written. */
  temperature: TemperatureSchema.optional(),
  /** The run's. */
  seed: z.int().optional(),
  /** `contentHash` of the question's text: one id may name another question elsewhere. */
  questionHash: z.string().optional(),
  /** `contentHash` of the first prompt; absent where there was none. */
  promptHash: z.string().optional(),
  /** Hash of the task's reference answers; absent where it has none. */
  referenceHash: z.string().optional(),
  /** `makerHash` of who scored it: the one in `makers` of `run.json` that it is of. */
  maker: z.string().optional(),
  /** Nobody looked whether the policy has seen its question. */
  leakGuard: z.literal("off").optional(),
  /** The metric that stands for the others: the benchmark's own. */
  primaryMetric: z.string().optional(),
  /** `limit`: the trajectory ended at a limit without an answer; it is scored as unanswered. */
  status: z.enum(["scored", "unscored", "error", "limit"]),
  answer: z.string().optional(),
  metrics: z.record(z.string(), z.number()),
  error: z.string().optional(),
  /** The policy has seen the question, or what has to do with it; absent where that is not known, or was not asked. */
  leak: LeakSchema.optional(),
})
export type EvalSample = z.infer<typeof EvalSampleSchema>

/** Benchmark -> name and settings of a judge, as its verdicts have them. */
const IdentitiesSchema = z.record(z.string(), z.string())

/** A selection: which trajectories of a run folder a filter keeps. What was shown is what is trained on. */
export const FilterSchema = z.object({
  schema: z.literal("swirl.filter/1"),
  strategy: z.string(),
  /** The judge of steps; without identities where the strategy asks for no verdict of it. */
  judge: z.string(),
  judgeIdentities: IdentitiesSchema.optional(),
  /** Absent where the outcome is the official score. */
  outcomeJudge: z.string().optional(),
  outcomeIdentities: IdentitiesSchema.optional(),
  /** Digest of the trajectories and verdicts it was made over: where they are others now, it is out of date. */
  madeOver: z.string().optional(),
  total: z.int(),
  dropped: z.int(),
  /** Of the dropped: had no verdict for some step or answer, so nobody can say. */
  unscored: z.int(),
  /** Of the kept: answers that match the reference. Measured, never used unless the strategy says so. */
  keptRight: z.int(),
  kept: z.int(),
  ids: z.array(z.string()),
})
export type FilterRecord = z.infer<typeof FilterSchema>

/** What a training trains on: of each folder (seen from the training's run folder) its selection as it stood when the training began. */
export const SelectionSchema = z.object({
  schema: z.literal("swirl.selection/1"),
  folders: z.array(z.object({ directory: z.string(), selection: FilterSchema })),
  /** Where it may not take all of them: what it took, and which. */
  budget: BudgetSchema.optional(),
  used: UsedSchema.optional(),
  taken: z.array(z.string()).optional(),
  /** Where the judge asks for siblings: the trajectories that are those of the whole training, and what they come to. */
  siblings: z.object({ digest: z.string(), ids: z.array(z.string()) }).optional(),
  /** The tasks that fresh episodes may be asked of. */
  tasks: z.array(z.object({ benchmark: z.string(), split: z.string(), ids: z.array(z.string()) })).optional(),
})
export type SelectionRecord = z.infer<typeof SelectionSchema>

/** A record that ended in an error or without a score, as it stood in its file before it was tried again. */
export const AttemptSchema = z.object({
  schema: z.literal("swirl.attempt/1"),
  id: z.string(),
  record: z.record(z.string(), z.unknown()),
})
export type AttemptRecord = z.infer<typeof AttemptSchema>

/** Of a run folder, whose fields of later versions are kept where this one writes it. */
export const RunSchema = z.looseObject({
  schema: z.literal("swirl.run/1"),
  id: z.string(),
  createdAt: z.string(),
  spec: z.unknown(),
  specHash: z.string(),
  /** What the records of a stage depend on, as `<stage>: dataset`, `prompts`, `tools`, …; see `packages/store/README.md`. */
  digests: z.record(z.string(), z.string()),
  /** By stage, one after another. Absent in records of before it was written. */
  makers: z.record(z.string(), z.array(MakerSchema)).optional(),
  /** By stage, the tools that its models were offered. Absent in records of before it was written. */
  tools: z.record(z.string(), z.array(RecordedToolSchema)).optional(),
  /** By stage, requests to each server. Written as it goes: those of the last seconds before a kill are missing. */
  endpoints: z.record(z.string(), z.array(EndpointCountSchema)).optional(),
  /** Of a run that shards were merged into: which, by the id of their own runs, and a digest of what they held. */
  merged: z.array(z.object({ shard: z.string(), run: z.string(), digest: z.string() })).optional(),
  gitRevision: z.string().optional(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type RunRecord = z.infer<typeof RunSchema>

/** Record name -> schema, as published by `swirl validate` and as JSON Schema. */
export const recordSchemas = {
  "swirl.trajectory/1": TrajectorySchema,
  "swirl.response/1": ResponseSchema,
  "swirl.verdict/1": VerdictSchema,
  "swirl.eval-sample/1": EvalSampleSchema,
  "swirl.coverage/1": CoverageSchema,
  "swirl.filter/1": FilterSchema,
  "swirl.selection/1": SelectionSchema,
  "swirl.metric/1": MetricSchema,
  "swirl.training/1": TrainingSchema,
  "swirl.training-result/1": TrainingResultSchema,
  "swirl.training-job/1": TrainingJobSchema,
  "swirl.seen-question/1": SeenQuestionSchema,
  "swirl.round/1": RoundSchema,
  "swirl.candidate-state/1": CandidateStateSchema,
  "swirl.attempt/1": AttemptSchema,
  "swirl.run/1": RunSchema,
  "swirl.imported/1": ImportedSchema,
  "swirl.imports/1": ImportsSchema,
  "swirl.matrix/1": MatrixSchema,
  "swirl.measurement/1": MeasurementSchema,
  "swirl.served-verdict/1": ServedVerdictSchema,
} as const
export type RecordName = keyof typeof recordSchemas

/** JSON Schema (draft 2020-12) of a record as a file may hold it: without what has a default, and with fields that are newer. */
export function recordJsonSchema(name: RecordName): object {
  return z.toJSONSchema(recordSchemas[name], { unrepresentable: "any", io: "input" })
}
