/** The options that several commands have. */
import { defaultToolLimits, leakModes } from "@swirl-ts/core"
import type { Given, OptionTable } from "./option.ts"
import {
  amount,
  shard as aShard,
  byteSize,
  decimal,
  idList,
  namedValue,
  path,
  positive,
  price,
  seconds,
  share,
  whole,
} from "./values.ts"

/** Of every command. */
export const commonOptions = {
  json: { help: "one JSON document on standard output, everything else on standard error" },
  quiet: { help: "no progress" },
  debug: { help: "stack traces for errors" },
  config: {
    value: "<file>",
    parse: path,
    help: "config file (default: swirl.config.ts of the working directory)",
    environment: "SWIRL_CONFIG",
  },
  plugin: {
    value: "<package>",
    parse: path,
    help: "load one more plugin, by package name or path (repeatable)",
    repeatable: true,
  },
} as const satisfies OptionTable

/** Of commands that work in a run folder. */
export const runOptions = {
  run: { value: "<directory>", help: "run folder", parse: path, environment: "SWIRL_RUN", default: "runs/default" },
  seed: {
    value: "<n>",
    help: "seed of everything random",
    parse: whole,
    environment: "SWIRL_SEED",
    config: "seed",
    default: 7,
  },
  concurrency: {
    value: "<n>",
    help: "trajectories at once",
    parse: positive,
    environment: "SWIRL_CONCURRENCY",
    config: "concurrency",
    default: 16,
  },
} as const satisfies OptionTable

/** Of commands that read tasks. */
export const dataOptions = {
  data: {
    value: "<[benchmark=]path>",
    parse: path,
    help: "file or folder in place of a download, for one benchmark or for all (repeatable; a folder for all may hold one folder a benchmark)",
    repeatable: true,
  },
} as const satisfies OptionTable

/** Of commands that measure a policy. */
export const leak = {
  value: "<mode>",
  help: "questions that the policy is on record to have seen: refuse the very question and report the rest (default), report all, or off",
  choices: leakModes,
} as const

const baseUrl = {
  value: "<url>",
  help: "address of an OpenAI-compatible server; several, repeated or separated by commas, take turns",
  repeatable: true,
  environment: "SWIRL_BASE_URL",
} as const

/** Of commands that open a model. */
export const modelOptions = {
  baseUrl,
  backend: {
    value: "<name>",
    help: "TensorFlow.js backend of local models (default: native where installed)",
    choices: ["wasm", "native"],
    environment: "SWIRL_BACKEND",
  },
  precision: {
    value: "<name>",
    help: "of a local model's weights; bf16: native backend only; auto: the faster one here (default: f32)",
    choices: ["f32", "bf16", "auto"],
  },
} as const satisfies OptionTable

/** Of commands that ask models: answers of before, over runs. */
export const cacheOptions = {
  cache: {
    help: "answer requests that a model was asked before, with the same messages, sampling, tools and seed, from the cache of responses, and keep new answers there: swirl cache list",
  },
  cacheSize: {
    value: "<size>",
    help: "most that the cache of responses keeps; the answers that were used longest ago go first",
    parse: byteSize,
    environment: "SWIRL_CACHE_SIZE",
    default: 2_000_000_000,
  },
} as const satisfies OptionTable

/** Of commands that roll out: what a run recorded, in place of tools. */
export const replayTools = {
  value: "<run folder>",
  help: "call no tool: answer calls as that run recorded them, also where the tool is not there; a call that it does not have is an error of its trajectory",
  parse: path,
} as const

/** Of commands that train. */
export const engineOptions = {
  engineUrl: {
    value: "<url>",
    help: "address of the engine's server, for engines that have one (a key: SWIRL_ENGINE_KEY, or its file: SWIRL_ENGINE_KEY_FILE)",
    environment: "SWIRL_ENGINE_URL",
  },
} as const satisfies OptionTable

/** Of commands that call tools. What the config says of one tool goes first. */
export const toolOptions = {
  toolTimeout: {
    value: "<seconds>",
    help: "longest a tool call may take (by tool: `tools` of the config)",
    parse: seconds,
    environment: "SWIRL_TOOL_TIMEOUT",
    default: defaultToolLimits.timeout,
  },
  observationLimit: {
    value: "<characters>",
    help: "most that is shown of a tool's result (by tool: `tools` of the config)",
    parse: positive,
    environment: "SWIRL_OBSERVATION_LIMIT",
    default: defaultToolLimits.observationLimit,
  },
} as const satisfies OptionTable

/** Of commands that ask models. */
export const requestOptions = {
  timeout: {
    value: "<seconds>",
    help: "longest one request to a model's server may take (default: 600)",
    parse: seconds,
    environment: "SWIRL_TIMEOUT",
  },
  attempts: {
    value: "<n>",
    help: "tries of a request that fails for a passing reason; one that a server refuses because there are too many waits and is no try",
    parse: positive,
    environment: "SWIRL_ATTEMPTS",
    default: 6,
  },
  judgeConcurrency: {
    value: "<n>",
    help: "judgements at once (default: --concurrency)",
    parse: positive,
    environment: "SWIRL_JUDGE_CONCURRENCY",
  },
  toolConcurrency: {
    value: "<n>",
    help: "tool calls at once, of all trajectories together (default: one of each trajectory)",
    parse: positive,
    environment: "SWIRL_TOOL_CONCURRENCY",
  },
  maxTokens: {
    value: "<n>",
    help: "ask no model any more once this command has used so many tokens, in and out; the same command goes on later",
    parse: positive,
  },
  maxCost: {
    value: "<dollars>",
    help: "the same for money; needs --price",
    parse: amount,
  },
  price: {
    value: "<model=in,out>",
    help: "dollars for a million tokens in and out, e.g. openai:gpt-5-mini=0.25,2 (repeatable)",
    parse: price,
    repeatable: true,
  },
} as const satisfies OptionTable

/** Of commands that evaluate. */
export const failOnError = {
  value: "<share>",
  help: "exit code 3 above this share of errors and unscored samples",
  parse: share,
  default: 0,
} as const

export const model = {
  value: "<model>",
  help: "nano, local:<directory>, local:<file.gguf>, llama:<file.gguf>, openai:<model>, script:<file>, replay:<run folder>",
  environment: "SWIRL_MODEL",
  config: "model",
  default: "nano",
} as const

export const actionFormat = {
  value: "<name>",
  help: "how actions are written: tags, inline (calls within one turn) or native",
  environment: "SWIRL_ACTION_FORMAT",
  config: "actionFormat",
  default: "tags",
} as const

/** Of commands that make first prompts. */
export const promptOptions = {
  prompt: {
    value: "<file>",
    help: "the wording of the first prompt: a text with {{question}} and other placeholders, in place of the benchmark's own",
    parse: path,
    environment: "SWIRL_PROMPT",
    config: "prompt",
  },
  shots: {
    value: "<n>",
    help: "worked examples before each question, as turns of the conversation (default: as the benchmark's own options say)",
    parse: whole,
  },
} as const satisfies OptionTable

export const strategy = {
  value: "<filter>",
  help: "none, process, outcome or process+outcome",
  environment: "SWIRL_STRATEGY",
  config: "strategy",
  default: "process",
} as const

/** One part of several, each made by a command of its own in a folder of its own. */
export const shard = {
  value: "<i/n>",
  help: "every n-th task, from the i-th, e.g. 1/4, in a run folder of its own; swirl merge puts the n folders together",
  parse: aShard,
} as const

/** Of commands that walk over a benchmark's tasks. */
export const taskOptions = {
  model,
  split: { value: "<name>", help: "default: the benchmark's own for evaluation" },
  ...dataOptions,
  limit: { value: "<n>", help: "first n tasks", parse: positive },
  skip: { value: "<n>", help: "pass over the first n tasks; --limit counts from there", parse: whole },
  ids: { value: "<list>", help: "only these task ids, separated by commas", parse: idList },
  actionFormat,
  ...promptOptions,
  steps: { value: "<n>", help: "most steps, in place of the benchmark's own", parse: positive },
  toolCalls: { value: "<n>", help: "most tool calls, in place of the benchmark's own", parse: whole },
  stepTokens: { value: "<n>", help: "most sampled tokens a step, in place of the benchmark's own", parse: positive },
  shard,
} as const satisfies OptionTable

/** Of commands that a cluster can do, each shard as one job. */
export const clusterOptions = {
  engine: {
    value: "<name>",
    help: "do it on a cluster, e.g. ray: each shard is one job there, and what all have made is merged into the run folder; this folder and the run folder have to be on storage that the cluster shares",
  },
  shards: { value: "<n>", help: "with --engine: into how many shards it is divided (default: 1)", parse: positive },
  ...engineOptions,
} as const satisfies OptionTable

/** Of commands that show or measure a policy without training it. */
export const tools = {
  value: "<which>",
  help: "none: no tool, and the prompt asks to think aloud and to end with the answer (default: the benchmark's)",
  choices: ["none"],
} as const

/** `--judge-model` alone means the judge that asks one; beside an outcome judge it is that one's. */
const judgeOfModel = ({ judgeModel, outcomeJudge }: Given): string | undefined =>
  judgeModel && !outcomeJudge ? "llm" : undefined

/** Whose verdicts on the steps count. */
export const stepJudge = {
  value: "<name>",
  environment: "SWIRL_JUDGE",
  implied: judgeOfModel,
  config: "judge",
  default: "grounded",
} as const

/** Of commands that make a selection of trajectories, or follow one. */
export const outcomeOptions = {
  outcomeJudge: {
    value: "<name>",
    help: "whose word on the final answer is the outcome, e.g. llm (default: official, the benchmark's own score)",
  },
  outcomeTemplate: { value: "<file>", help: "as --template, for the outcome judge", parse: path },
} as const satisfies OptionTable

/** An outcome judge says which answers are right; without one, nobody but the benchmark does. */
export const outcomeJudgeOfModel = { value: "<name>", implied: judgeOfModel } as const

/**
 * Of commands whose judge may ask a model. The environment (SWIRL_JUDGE_MODEL, SWIRL_JUDGE_BASE_URL) is read by the judge
 * itself: it names a model, no judge.
 */
export const judgeModelOptions = {
  judgeModel: {
    value: "<model>",
    help: "the model that judges, e.g. openai:<model> (environment: SWIRL_JUDGE_MODEL)",
  },
  judgeBaseUrl: {
    value: "<url>",
    help: "its OpenAI-compatible server, apart from the policy's (environment: SWIRL_JUDGE_BASE_URL)",
  },
  votes: { value: "<k>", help: "ask the judge's model k times and count", parse: positive },
  template: {
    value: "<file>",
    help: "the judge's whole prompt, with {question} and its other placeholders",
    parse: path,
  },
  judgeOption: {
    value: "<name=value>",
    help: "any option of the judge, e.g. temperature=0.5 (repeatable)",
    parse: namedValue,
    repeatable: true,
  },
} as const satisfies OptionTable

/** Of commands that open a search index. */
export const retrieverOptions = {
  ...dataOptions,
  split: { value: "<name>", help: "of a benchmark (default: its own for evaluation)" },
  retriever: {
    value: "<name>",
    help: "auto (by size), bm25, lancedb, or one of a plugin",
    environment: "SWIRL_RETRIEVER",
    default: "auto",
  },
  mode: {
    value: "<mode>",
    help: "what ranks: words (BM25), vectors (--embedder), or both",
    choices: ["text", "vector", "hybrid"],
    default: "text",
  },
  embedder: {
    value: "<name>",
    help: "openai:<model>, transformers:<folder or hub name>",
    environment: "SWIRL_EMBEDDER",
  },
  baseUrl,
  textWeight: {
    value: "<n>",
    help: "weight of the ranking by words, with --mode hybrid (default: 1)",
    parse: decimal,
  },
  vectorWeight: {
    value: "<n>",
    help: "weight of the ranking by vectors, with --mode hybrid (default: 1)",
    parse: decimal,
  },
} as const satisfies OptionTable
