/**
 * Training: the kept trajectories of one or more run folders, an engine over the starting policy, and an algorithm by
 * name. The trainer is handed judge and roll-out as functions, so it knows neither benchmarks nor tools.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import {
  type Algorithm,
  type Benchmark,
  type Engine,
  type LanguageModel,
  type RolloutSummary,
  SwirlError,
  type Task,
  type TrainingContext,
  type Trajectory,
} from "@swirl-ts/core"
import { judgeTrajectory } from "@swirl-ts/judges"
import { rollout } from "@swirl-ts/runner"
import { openRun, runPaths, writeFileAtomic } from "@swirl-ts/store"
import { z } from "zod"
import type { StageContext } from "./context.ts"
import { rolloutSettings, toolsOf } from "./rollouts.ts"
import { outcomes, selectTrajectories } from "./stage-filter.ts"
import { type JudgeBench, type JudgeOptions, openJudge } from "./stage-judge.ts"
import { loadTasks } from "./tasks.ts"
import { readTrajectories } from "./trajectories.ts"

export interface TrainRequest {
  /** Name of the training's folder. */
  name: string
  /** Model string of the starting policy. */
  policy: string
  algorithm: string
  engine: string
  strategy: string
  judge: string
  judgeOptions?: JudgeOptions
  options: Readonly<Record<string, unknown>>
  /** Tasks of a fresh roll-out, taken from the training split after those that trajectories come from; 0 for none. */
  rolloutTasks: number
  /** Run folders with judged trajectories; default: the context's own. */
  sources?: readonly string[]
}

export const TrainStageResultSchema = z.object({
  schema: z.literal("swirl.training-result/1"),
  name: z.string(),
  checkpoint: z.string(),
  steps: z.int(),
  alarms: z.array(z.object({ step: z.int(), kind: z.string(), message: z.string() })),
  considered: z.int(),
  kept: z.int(),
  keptRight: z.int(),
  unscored: z.int(),
  oracle: z.boolean(),
  seconds: z.number(),
})
export type TrainStageResult = z.infer<typeof TrainStageResultSchema>

interface Prepared {
  algorithm: Algorithm
  training: TrainingContext
  selection: Awaited<ReturnType<typeof selectTrajectories>>
  bench: JudgeBench
  engine: Engine
}

/** Trains, or continues; the result is also in `train/<name>/result.json`. */
export async function train(context: StageContext, request: TrainRequest): Promise<TrainStageResult> {
  const started = performance.now()
  const run = await openRun(context.directory)
  try {
    const { sources: _sources, ...settings } = request
    await run.register({ [`train/${request.name}`]: { ...settings, seed: context.seed } })
    const { algorithm, training, selection, bench, engine } = await prepare(context, request)
    try {
      const { checkpoint, steps, alarms } = await algorithm.train(training)
      const result: TrainStageResult = {
        schema: "swirl.training-result/1",
        name: request.name,
        checkpoint,
        steps,
        alarms,
        considered: selection.total,
        kept: selection.kept.length,
        keptRight: selection.keptRight,
        unscored: selection.unscored,
        oracle: bench.oracle,
        seconds: (performance.now() - started) / 1000,
      }
      await writeFileAtomic(join(training.directory, "result.json"), `${JSON.stringify(result, null, 2)}\n`)
      return result
    } finally {
      await engine.dispose()
    }
  } finally {
    await run.close()
  }
}

/** The table of `swirl train --dry-run`. */
export async function dryRun(context: StageContext, request: TrainRequest): Promise<{ text: string; data: unknown }> {
  const { algorithm, training, engine } = await prepare(context, request)
  try {
    if (!algorithm.dryRun) throw new SwirlError(`The algorithm ${request.algorithm} has no dry run.`, { kind: "usage" })
    return await algorithm.dryRun(training)
  } finally {
    await engine.dispose()
  }
}

/** What a finished training wrote; undefined where it has not finished. */
export async function readTrainResult(directory: string, name: string): Promise<TrainStageResult | undefined> {
  const path = join(runPaths(directory).training(name).directory, "result.json")
  const text = await readFile(path, "utf8").catch(() => undefined)
  return text === undefined ? undefined : TrainStageResultSchema.parse(JSON.parse(text))
}

async function prepare(context: StageContext, request: TrainRequest): Promise<Prepared> {
  const { registry, host } = context
  const { value: algorithm } = registry.resolve("algorithms", request.algorithm)
  const { value: engines } = registry.resolve("engines", request.engine)
  const bench = openJudge(context, request.judge, request.judgeOptions)
  const selection = await selectTrajectories(context, request.sources ?? [context.directory], request)
  const { kept } = selection
  if (kept.length === 0) {
    throw new SwirlError(
      `The filter ${request.strategy} kept none of ${selection.total} trajectories, so there is nothing to train on. Generate more: swirl generate --until-kept`,
    )
  }
  const formats = [...new Set(kept.map((trajectory) => trajectory.actionFormat))]
  if (formats.length > 1)
    throw new SwirlError(`The kept trajectories are in several action formats: ${formats.join(", ")}. Train on one.`)
  const { value: format } = registry.resolve("actionFormats", formats[0]!)
  const benchmarks = [...new Set(kept.map((trajectory) => trajectory.benchmark))].map((name) =>
    registry.resolve("benchmarks", name),
  )
  const splits = new Map(kept.map((trajectory) => [trajectory.taskId, trajectory.split]))
  const { backend } = context.modelOptions ?? {}
  const engine = await engines.create({ policy: request.policy, ...(backend ? { backend } : {}) }, host)
  const sampledTokens = Math.min(...benchmarks.map(({ value }) => value.limits.stepTokens))
  const total = Number(request.options.iterations ?? 0)
  const training: TrainingContext = {
    engine,
    trajectories: kept,
    format,
    tools: toolsOf(
      registry,
      benchmarks.map(({ value }) => value as Benchmark),
    ),
    judge: (requests) =>
      bench.verdicts(requests.map((each) => ({ ...each, split: splits.get(each.taskId) ?? "train" }))),
    ...(request.rolloutTasks > 0
      ? { rollout: (model, options) => freshRollouts(context, request, bench, kept, model, options) }
      : {}),
    directory: runPaths(context.directory).training(request.name).directory,
    seed: context.seed,
    options: { ...(request.algorithm === "swirl" ? { maxTokens: sampledTokens } : {}), ...request.options },
    onMetric: (metric) =>
      context.onProgress?.({
        stage: `train ${request.name}`,
        done: metric.step,
        total: total || metric.step,
        detail: Object.entries(metric.values)
          .filter(([name]) => shownMetrics.includes(name))
          .map(([name, value]) => `${name} ${value === null ? "–" : value.toFixed(2)}`)
          .join(", "),
      }),
    ...(context.abortSignal ? { abortSignal: context.abortSignal } : {}),
  }
  return { algorithm, training, selection, bench, engine }
}

const shownMetrics = ["judgedReward", "rolloutAccuracy", "rolloutGoodSteps", "loss"]

/** Greedy roll-outs of the live policy on tasks of the training split that no recorded trajectory comes from. */
async function freshRollouts(
  context: StageContext,
  request: TrainRequest,
  bench: JudgeBench,
  kept: readonly Trajectory[],
  model: LanguageModel,
  { seed }: { step: number; seed: number },
): Promise<RolloutSummary> {
  const sources = [...new Set(kept.map(({ benchmark, split }) => `${benchmark} ${split}`))]
  const made: Trajectory[] = []
  for (const source of sources) {
    const [benchmark, split] = source.split(" ") as [string, string]
    const tasks = await rolloutTasks(
      context,
      request,
      benchmark,
      split,
      Math.ceil(request.rolloutTasks / sources.length),
    )
    const settings = rolloutSettings(
      { ...context, seed },
      {
        benchmark,
        split,
        actionFormat: kept[0]!.actionFormat,
        model: { model, identity: "training", concurrency: 64 },
        policy: "training",
        sampling: { temperature: 0 },
      },
    )
    await rollout({ ...settings, tasks, onTrajectory: (trajectory) => void made.push(trajectory) })
  }
  context.abortSignal?.throwIfAborted()
  const right = await outcomes(context, request.sources?.[0] ?? context.directory, made)
  const steps = made.flatMap((trajectory) => trajectory.steps)
  const judged = await Promise.all(
    made.map(async (trajectory) =>
      judgeTrajectory(trajectory, await bench.forTask(trajectory.benchmark, trajectory.split, trajectory.taskId)),
    ),
  )
  const verdicts = judged.flat().map((record) => record.verdict)
  const share = (count: number, of: number): number => (of === 0 ? 0 : count / of)
  return {
    trajectories: made.length,
    accuracy: share([...right.values()].filter(Boolean).length, made.length),
    goodSteps: share(
      verdicts.filter((verdict) => verdict === "good").length,
      verdicts.filter((verdict) => verdict !== "unscored").length,
    ),
    malformed: share(steps.filter((step) => step.kind === "malformed").length, steps.length),
    toolCalls: share(steps.filter((step) => step.kind === "tool").length, steps.length),
    meanSteps: share(steps.length, made.length),
    answered: share(made.filter((trajectory) => trajectory.status === "answered").length, made.length),
  }
}

/** The first tasks of a split that come after every task that was generated on. */
async function rolloutTasks(
  context: StageContext,
  request: TrainRequest,
  benchmark: string,
  split: string,
  count: number,
): Promise<Task[]> {
  const used = new Set<string>()
  for (const directory of request.sources ?? [context.directory]) {
    for (const trajectory of await readTrajectories(directory))
      if (trajectory.split === split) used.add(trajectory.taskId)
  }
  const tasks: Task[] = []
  for await (const task of loadTasks(context, context.directory, benchmark, split)) {
    if (!used.has(task.id)) tasks.push(task)
    if (tasks.length === count) break
  }
  return tasks
}
