/**
 * Training: the kept trajectories of one or more run folders, an engine over the starting policy, and an algorithm by
 * name. The trainer is handed judge and roll-out as functions, so it knows neither benchmarks nor tools.
 */
import {
  type Algorithm,
  callPlugin,
  callPluginFor,
  type Engine,
  isImportedBenchmark,
  type SeenQuestion,
  SwirlError,
  type TrainingContext,
  type TrainingResultRecord,
  TrainingResultSchema,
  toolServices,
  whoseIs,
} from "@swirl-ts/core"
import { checkRun, openRun, type Run, readDocument, runPaths, writeDocument } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { openJudge } from "../judge/open-judge.ts"
import { giveSeen, seenByPolicy } from "../leaks/seen-questions.ts"
import { toolsOf } from "../rollouts.ts"
import { amountsAsked, finishedTraining } from "./finished-training.ts"
import { freshRollouts, type TaskSet, taskChooser } from "./fresh-rollouts.ts"
import { goldAnswers } from "./gold-answers.ts"
import { createLiveMetrics, peakMemoryBytes } from "./live-metrics.ts"
import { hasLaterRounds, type RoundOutcomes, roundOutcomes } from "./round-outcomes.ts"
import { writeSeenByTraining } from "./seen-by-training.ts"
import { sourceLimits } from "./source-limits.ts"
import { sourcePromptings } from "./source-promptings.ts"
import { taughtTrajectories, trainedTools } from "./taught-trajectories.ts"
import { secondsBefore, stepSeconds } from "./time-taken.ts"
import { type EndedTraining, trainAsJob } from "./train-as-job.ts"
import { resultPath } from "./train-result.ts"
import { trainedTasks } from "./trained-tasks.ts"
import { checkEngine, createEngine, jobEngineOf } from "./training-engine.ts"
import { keptEpisodes, trainingRollouts } from "./training-rollouts.ts"
import { readSources, type TrainingSelection, trainingSelection } from "./training-selection.ts"
import { type TrainingStage, type TrainRequest, trainingStage } from "./training-stage.ts"
import { whatIsTrained } from "./what-is-trained.ts"

/** Trains, or continues; the result is also in `train/<name>/result.json`. */
export async function train(context: StageContext, request: TrainRequest): Promise<TrainingResultRecord> {
  const started = performance.now()
  const run = await openRun(context.directory)
  try {
    const finished = await finishedTraining(context, request)
    if (finished) return finished
    const job = jobEngineOf(context, request)
    const { metrics } = runPaths(context.directory).training(request.name)
    const stepsBefore = await stepSeconds(metrics)
    const { ended, selection, oracle } = job
      ? await trainAsJob(context, request, job, run)
      : await trainHere(context, request, run)
    const { checkpoint, steps, alarms, stopped } = ended
    /** What a training took stays on record where it is given again and nothing is left to train. */
    const whatItTook = async (): Promise<Pick<TrainingResultRecord, "seconds" | "peakMemoryBytes">> => {
      const before = await readDocument(resultPath(context.directory, request.name), TrainingResultSchema)
      if (before?.steps === steps) return { seconds: before.seconds, peakMemoryBytes: before.peakMemoryBytes }
      const own = (performance.now() - started) / 1000
      const seconds = own + secondsBefore(stepsBefore, await stepSeconds(metrics))
      // Of a job nobody here can say the memory.
      return { seconds, peakMemoryBytes: job ? undefined : peakMemoryBytes() }
    }
    const result: TrainingResultRecord = {
      schema: "swirl.training-result/1",
      name: request.name,
      checkpoint,
      steps,
      alarms,
      stopped,
      considered: selection.total,
      kept: selection.kept.length,
      keptRight: selection.keptRight,
      unscored: selection.unscored,
      budget: request.budget,
      used: selection.used,
      oracle,
      amounts: amountsAsked(context, request),
      ...(await whatItTook()),
    }
    await giveSeen(runPaths(context.directory).training(request.name), checkpoint)
    await writeDocument(resultPath(context.directory, request.name), result)
    return result
  } finally {
    await run.close()
  }
}

/** By our own loop, over an engine. */
function trainHere(context: StageContext, request: TrainRequest, run: Run): Promise<EndedTraining> {
  const { abortSignal } = context
  return prepared(context, request, run, async (parts) => {
    const { algorithm, whose, stage, training, selection, oracle } = parts
    await run.register(stage.spec, stage.facts)
    await writeSeenByTraining(context, request, parts)
    const ended = await callPluginFor("training result", { whose, what: "train", abortSignal }, () =>
      algorithm.train(training),
    )
    return { ended, selection, oracle }
  })
}

/** The table of `swirl train --dry-run`; it writes nothing. */
export async function dryRun(context: StageContext, request: TrainRequest): Promise<{ text: string; data: unknown }> {
  if (jobEngineOf(context, request))
    throw new SwirlError(
      `The engine ${request.engine} takes whole trainings, and shows no first update. Look at it with --engine local.`,
      { kind: "usage" },
    )
  return prepared(context, request, undefined, async ({ algorithm, whose, training }) => {
    if (!algorithm.dryRun) throw new SwirlError(`The algorithm ${request.algorithm} has no dry run.`, { kind: "usage" })
    return callPlugin({ whose, what: "dryRun", abortSignal: context.abortSignal }, () => algorithm.dryRun!(training))
  })
}

interface Prepared {
  algorithm: Algorithm
  /** The algorithm, in messages. */
  whose: string
  stage: TrainingStage
  training: TrainingContext
  selection: TrainingSelection
  rollouts(): Promise<readonly TaskSet[]>
  /** By the policy that the training starts from. */
  seenBefore: readonly SeenQuestion[]
  oracle: boolean
}

/** Puts a training together from names, for as long as `use` takes. */
async function prepared<R>(
  context: StageContext,
  request: TrainRequest,
  run: Run | undefined,
  use: (prepared: Prepared) => Promise<R>,
): Promise<R> {
  const { registry, host } = context
  const entry = registry.resolve("algorithms", request.algorithm)
  const { value: engineFactory } = registry.resolve("engines", request.engine)
  const judge = openJudge(context, request.judge, request.judgeOptions)
  const services = toolServices(registry, host)
  let engine: Engine | undefined
  let outcomes: RoundOutcomes | undefined
  try {
    const sources = await readSources(context, request)
    const promptingOf = await sourcePromptings(sources)
    const limitsOf = await sourceLimits(sources)
    const stage = await trainingStage(context, request, { judge, sources })
    // What is refused has written nothing, the selection included; a dry run never writes.
    if (run) await checkRun(context.directory, stage.spec, stage.facts)
    const { value: algorithm } = entry
    callPlugin({ whose: whoseIs(entry), what: "checkOptions" }, () =>
      algorithm.checkOptions?.(request.options, engineFactory),
    )
    await checkEngine(context, request)
    const gold = algorithm.needs?.includes("gold") ? await goldAnswers(context, sources, whoseIs(entry)) : undefined
    const selection = await trainingSelection(context, request, { judge, sources }, run)
    const { kept, taken, votes, selectedBy } = selection
    const known = trainedTasks(context, selection)
    outcomes = selectedBy && roundOutcomes(context, request, selectedBy, known)
    if (hasLaterRounds(algorithm, request.options)) await outcomes?.check()
    const { format, benchmarks } = whatIsTrained(context, request, selection)
    engine = await createEngine(context, request)
    const tools = await trainedTools(await toolsOf(registry, benchmarks), sources, kept)
    const { questions: seenBefore = [] } = await seenByPolicy(context, request.policy)
    const rollouts = taskChooser(context, request, { kept, before: seenBefore, promptingOf })
    const live = createLiveMetrics()
    const training: TrainingContext = {
      engine,
      trajectories: taughtTrajectories(context, request.name, taken, { engine, format, tools }),
      format,
      tools,
      stepTokens: Math.min(...benchmarks.map(({ limits }) => limits.stepTokens)),
      judge: (requests) => judge.verdicts(requests, votes),
      tasks: known.references,
      rollouts: trainingRollouts(context, known, {
        engine,
        actionFormat: format.name,
        promptingOf,
        limitsOf,
        services,
      }),
      keep: keptEpisodes(context, request, { judge, votes, outcomes }),
      gold,
      rollout:
        // Imported questions have trajectories, all of them, and no score of ours.
        request.rolloutTasks > 0 && !kept.every(({ benchmark }) => isImportedBenchmark(benchmark))
          ? freshRollouts(context, rollouts, { kept, judge, votes, promptingOf, limitsOf, services })
          : undefined,
      directory: runPaths(context.directory).training(request.name).directory,
      seed: context.seed,
      options: request.options,
      log: (line) => host.log(`${request.name}: ${line}`),
      onMetric: (metric, of) =>
        context.onProgress?.({
          stage: `train ${request.name}`,
          done: metric.step,
          total: of?.steps,
          detail: live(metric, of?.steps),
        }),
      abortSignal: context.abortSignal,
    }
    const oracle = judge.oracle || gold !== undefined
    return await use({ algorithm, whose: whoseIs(entry), stage, training, selection, rollouts, seenBefore, oracle })
  } finally {
    await engine?.dispose()
    await services.close()
    await outcomes?.close()
    await judge.close()
  }
}
