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
  MetricSchema,
  SwirlError,
  type TrainingContext,
} from "@swirl-ts/core"
import { hasRecord, openRun, runPaths, writeFileAtomic } from "@swirl-ts/store"
import { z } from "zod"
import type { StageContext } from "../context.ts"
import { selectTrajectories } from "../filter/filter.ts"
import { type JudgeOptions, type OpenJudge, openJudge } from "../judge/open-judge.ts"
import { toolsOf } from "../rollouts.ts"
import { freshRollouts } from "./fresh-rollouts.ts"

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
  judge: OpenJudge
  engine: Engine
}

/** Trains, or continues; the result is also in `train/<name>/result.json`. */
export async function train(context: StageContext, request: TrainRequest): Promise<TrainStageResult> {
  const started = performance.now()
  const run = await openRun(context.directory)
  try {
    const { sources: _sources, judgeOptions: { baseUrl: _address, ...judgeOptions } = {}, ...settings } = request
    const judged = Object.keys(judgeOptions).length > 0 ? { judgeOptions } : {}
    await run.register({ [`train/${request.name}`]: { ...settings, ...judged, seed: context.seed } }, {}, () =>
      hasRecord(run.paths.training(request.name).metrics, MetricSchema),
    )
    const { algorithm, training, selection, judge, engine } = await prepare(context, request)
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
        oracle: judge.oracle,
        seconds: (performance.now() - started) / 1000,
      }
      await writeFileAtomic(join(training.directory, "result.json"), `${JSON.stringify(result, null, 2)}\n`)
      return result
    } finally {
      await engine.dispose()
      await judge.close()
    }
  } finally {
    await run.close()
  }
}

/** The table of `swirl train --dry-run`. */
export async function dryRun(context: StageContext, request: TrainRequest): Promise<{ text: string; data: unknown }> {
  const { algorithm, training, judge, engine } = await prepare(context, request)
  try {
    if (!algorithm.dryRun) throw new SwirlError(`The algorithm ${request.algorithm} has no dry run.`, { kind: "usage" })
    return await algorithm.dryRun(training)
  } finally {
    await engine.dispose()
    await judge.close()
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
  const judge = openJudge(context, request.judge, request.judgeOptions)
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
  const { backend } = context.modelOptions ?? {}
  const engine = await engines.create({ policy: request.policy, backend }, host)
  const total = Number(request.options.iterations ?? 0)
  const training: TrainingContext = {
    engine,
    trajectories: kept,
    format,
    tools: toolsOf(
      registry,
      benchmarks.map(({ value }) => value as Benchmark),
    ),
    stepTokens: Math.min(...benchmarks.map(({ value }) => value.limits.stepTokens)),
    judge: judge.verdicts,
    ...(request.rolloutTasks > 0 ? { rollout: freshRollouts(context, request, judge, kept) } : {}),
    directory: runPaths(context.directory).training(request.name).directory,
    seed: context.seed,
    options: request.options,
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
    abortSignal: context.abortSignal,
  }
  return { algorithm, training, selection, judge, engine }
}

const shownMetrics = ["judgedReward", "rolloutAccuracy", "rolloutGoodSteps", "loss"]
