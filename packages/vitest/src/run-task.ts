/** One task, run within a test: with a model, a script, or what was recorded. Nothing is written to a run folder. */
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { official } from "@swirl-ts/cli"
import {
  createRegistry,
  type Host,
  type LanguageModel,
  type Limits,
  type OpenModel,
  type PluginDefinition,
  SwirlError,
  type Temperature,
  toolServices,
} from "@swirl-ts/core"
import { benchmarkTools, evalSample, runTrajectory } from "@swirl-ts/runner"
import {
  cellOf,
  type JudgeOptions,
  judgeTrajectory,
  openFormat,
  openJudge,
  openPolicy,
  replayingTools,
  type StageContext,
  selectTasks,
} from "@swirl-ts/stages"
import { type OwnTask, ownBenchmark, ownSplit, ownTask } from "./own-task.ts"
import type { TaskRun } from "./task-run.ts"

/** A question of the test's own, or one of a benchmark by its id. */
export type RunTaskOptions = (OwnTask | { benchmark: string; id: string; split?: string }) & {
  /** `script:<file>`, `replay:<run folder>`, `openai:<model>`, … or a model of the AI SDK. */
  model: string | LanguageModel
  /** Addresses of an OpenAI-compatible server. */
  baseUrl?: string
  /** Beside the official ones. */
  plugins?: readonly PluginDefinition[]
  /** Default: tags. */
  actionFormat?: string
  /** Default: 0. */
  temperature?: Temperature
  /** Default: 7. */
  seed?: number
  /** In place of the benchmark's own. */
  limits?: Partial<Limits>
  /** Judges every step, e.g. `grounded`. */
  judge?: string
  judgeOptions?: JudgeOptions
  /** A run folder whose recorded answers stand for tools. */
  replayTools?: string
  abortSignal?: AbortSignal
}

/** Throws for wrong names and settings. A model or a tool that fails is no error here: the matchers tell it. */
export async function runTask(options: RunTaskOptions): Promise<TaskRun> {
  const { model, plugins = [], seed = 7, actionFormat = "tags", temperature = 0, limits, abortSignal } = options
  const own = "question" in options ? [ownTask(options)] : []
  const registry = createRegistry([...official(), ...plugins, ...own])
  const [broken] = registry.broken
  if (broken) throw new SwirlError(`${broken.origin} cannot be used: ${broken.message}`, { kind: "usage" })
  const modelOptions = { baseUrl: options.baseUrl }
  // No folder of a run: what would be read from one is not there.
  const directory = join(tmpdir(), "swirl-ts-vitest-no-run")
  const plain: StageContext = { registry, host: testHost(), directory, seed, concurrency: 1, modelOptions, abortSignal }
  const context = options.replayTools === undefined ? plain : await replayingTools(plain, options.replayTools)
  const { fullName, split, id } = await taskOf(context, options)
  const { value } = context.registry.resolve("benchmarks", fullName)
  const [task] = await selectTasks(context, directory, fullName, { split, ids: [id] })
  const opened: OpenModel = typeof model === "string" ? await openPolicy(context, model) : { model, identity: "test" }
  const services = toolServices(context.registry, context.host)
  const benchmark = { value, fullName, split }
  const sampling = { temperature }
  try {
    const trajectory = await runTrajectory({
      task: task!,
      benchmark,
      model: opened.model,
      tools: benchmarkTools(context.registry, value),
      toolReplay: context.toolReplay,
      services,
      format: openFormat(context.registry, actionFormat),
      limits: { ...value.limits, ...limits },
      seed,
      policy: typeof model === "string" ? model : model.modelId,
      sampling,
      abortSignal,
    })
    const sample = await evalSample(trajectory, task!, { benchmark, sampling, abortSignal })
    const verdicts = options.judge === undefined ? [] : await judged(context, trajectory, options.judge, options)
    const { steps, answer, status } = trajectory
    return {
      trajectory,
      steps,
      answer,
      status,
      metrics: sample.metrics,
      primaryMetric: value.primaryMetric,
      sample,
      verdicts,
    }
  } finally {
    await services.close()
    await opened.close?.()
  }
}

async function taskOf(context: StageContext, options: RunTaskOptions) {
  if (!("benchmark" in options)) return { fullName: ownBenchmark, split: ownSplit, id: "task" }
  const { benchmark, split, id } = options
  const cell = await cellOf(context, benchmark, split)
  return { fullName: context.registry.resolve("benchmarks", cell.benchmark).fullName, split: cell.split, id }
}

async function judged(
  context: StageContext,
  trajectory: TaskRun["trajectory"],
  name: string,
  { judgeOptions }: Pick<RunTaskOptions, "judgeOptions">,
) {
  const judge = openJudge(context, name, judgeOptions)
  try {
    return await judgeTrajectory(trajectory, await judge.forTask(trajectory), { abortSignal: context.abortSignal })
  } finally {
    await judge.close()
  }
}

/** As the command has it: a test is at the outside, too. */
function testHost(): Host {
  const environment = process.env
  const home = environment.XDG_CACHE_HOME ?? join(homedir(), ".cache")
  return {
    cacheDirectory: environment.SWIRL_CACHE ?? join(home, "swirl-ts"),
    workingDirectory: process.cwd(),
    environment,
    log: (line) => void process.stderr.write(`${line}\n`),
  }
}
