/**
 * A training by a job engine: the selected trajectories as step rows, and what the job leaves in the training's folder, which
 * has the same files as after a training here. Nothing is sampled here, so there are no fresh roll-outs on the way.
 */
import {
  type ActionFormat,
  callPlugin,
  callPluginFor,
  contentHash,
  type Entry,
  MetricSchema,
  rowId,
  type StepRow,
  SwirlError,
  slug,
  type TrainingJob,
  type TrainingResult,
  TrainingSchema,
  type Trajectory,
  whoseIs,
} from "@swirl-ts/core"
import { conversationBefore } from "@swirl-ts/runner"
import {
  checkRun,
  checkSettings,
  hasRecord,
  type Run,
  readDocument,
  readRun,
  runPaths,
  type Settings,
  writeDocument,
} from "@swirl-ts/store"
import { type StageContext, unloadedPolicy } from "../context.ts"
import { openJudge } from "../judge/open-judge.ts"
import { seenByPolicy } from "../leaks/seen-questions.ts"
import { toolsOf } from "../rollouts.ts"
import { jobJudge } from "./job-judge.ts"
import { createLiveMetrics } from "./live-metrics.ts"
import { writeSeenByTraining } from "./seen-by-training.ts"
import { readSources, type TrainingSelection, trainingSelection } from "./training-selection.ts"
import { type TrainRequest, trainingStage } from "./training-stage.ts"
import { whatIsTrained } from "./what-is-trained.ts"

export interface EndedTraining {
  ended: TrainingResult
  selection: TrainingSelection
  oracle: boolean
}

export async function trainAsJob(
  context: StageContext,
  asked: TrainRequest,
  entry: Entry<"jobEngines">,
  run: Run,
): Promise<EndedTraining> {
  const { registry, host, seed, abortSignal } = context
  const { value: engine } = entry
  const algorithms = registry.resolve("algorithms", asked.algorithm)
  const { value: algorithm, name: algorithmName } = algorithms
  if (!engine.algorithms.includes(algorithmName) || !algorithm.settings)
    throw new SwirlError(
      `The engine ${entry.name} does not train by ${asked.algorithm}; it does by ${engine.algorithms.join(", ")}. Take one of these, or the engine local.`,
      { kind: "usage" },
    )
  // Nothing is rolled out on the way.
  const request = { ...asked, rolloutTasks: 0 }
  const judge = openJudge(context, request.judge, request.judgeOptions)
  try {
    const policy = await unloadedPolicy(context, request.policy)
    const sources = await readSources(context, request)
    const stage = await trainingStage(context, request, { judge, sources })
    // What is refused has written nothing, the selection included.
    await checkRun(context.directory, stage.spec, stage.facts)
    const selection = await trainingSelection(context, request, { judge, sources }, run)
    const { taken } = selection
    const { format, benchmarks } = whatIsTrained(context, request, selection)
    const tools = await toolsOf(registry, benchmarks)
    const stepTokens = Math.min(...benchmarks.map(({ limits }) => limits.stepTokens))
    const settings = callPlugin({ whose: whoseIs(algorithms), what: "settings" }, () =>
      algorithm.settings!({ options: request.options, stepTokens }),
    )
    const { directory } = runPaths(context.directory).training(request.name)
    const spec = { algorithm: algorithmName, engine: entry.name, seed, ...settings, ...ofTrajectories(taken, format) }
    await registerJob(directory, { ...spec, tools: tools.map(({ name }) => name) }, algorithm.amounts ?? [])
    await run.register(stage.spec, stage.facts)
    const { questions: seenBefore = [] } = await seenByPolicy(context, request.policy)
    await writeSeenByTraining(context, request, { algorithm, selection, rollouts: async () => [], seenBefore })
    const served = engine.judges.includes(algorithmName) ? await jobJudge(context, request, selection) : undefined
    const live = createLiveMetrics(undefined, () => undefined)
    const job: TrainingJob = {
      id: `${slug(request.name)}-${contentHash([(await readRun(context.directory))!.id, request.name], 10)}`,
      name: request.name,
      policy: request.policy,
      policyDirectory: policy.isAdapted ? undefined : policy.directory,
      algorithm: algorithmName,
      settings,
      seed,
      rows: taken.flatMap((trajectory) => stepRows(trajectory, format)),
      tools: format.requestTools(tools),
      stopSequences: format.stops?.(tools) ?? [],
      directory,
      judge: served?.judge,
      onMetric: (metric, of) =>
        context.onProgress?.({
          stage: `train ${request.name}`,
          done: metric.step,
          total: of?.steps,
          detail: live(metric, of?.steps),
        }),
      log: (line) => host.log(`${request.name}: ${line}`),
      abortSignal,
    }
    try {
      const ended = await callPluginFor("training result", { whose: whoseIs(entry), what: "train", abortSignal }, () =>
        engine.train(job, { ...request.engineOptions, url: context.engineUrl }, host),
      )
      return { ended, selection, oracle: judge.oracle }
    } finally {
      await served?.close()
    }
  } finally {
    await judge.close()
  }
}

/** Every step at its state, in order, with the exact ids where the model kept them. */
function stepRows(trajectory: Trajectory, format: ActionFormat): StepRow[] {
  const { id: trajectoryId, steps } = trajectory
  const ids: number[] = []
  return steps.map(({ text, contextTokenIds, tokenIds, shown }, stepIndex) => {
    const row = {
      id: rowId(trajectoryId, stepIndex),
      trajectoryId,
      stepIndex,
      stepCount: steps.length,
      messages: conversationBefore(trajectory, stepIndex, format),
      action: text,
    }
    if (!contextTokenIds || !tokenIds) return row
    ids.push(...contextTokenIds)
    const tokens = { prompt: [...ids], action: tokenIds }
    if (shown) ids.length -= shown.dropped
    ids.push(...(shown?.tokenIds ?? tokenIds))
    return { ...row, tokens }
  })
}

const ofTrajectories = (trajectories: readonly Trajectory[], format: ActionFormat) => ({
  trajectoryCount: trajectories.length,
  trajectoryIds: contentHash(trajectories.map(({ id }) => id)),
  actionFormat: format.name,
})

/** Writes `training.json`, or checks it against the one that is there, as the local trainer does. */
async function registerJob(directory: string, spec: Settings, amounts: readonly string[]): Promise<void> {
  const path = `${directory}/training.json`
  const known = await readDocument(path, TrainingSchema, "Restore it, or train into another folder.")
  await checkSettings({
    before: known?.spec,
    now: spec,
    mayChange: amounts,
    hasRecords: () => hasRecord(`${directory}/metrics.jsonl`, MetricSchema),
    refusal: (differences) =>
      `${directory} holds a training with other settings: ${differences}. Continue it with its own settings, or train into another folder.`,
  })
  await writeDocument(path, { schema: "swirl.training/1", spec, specHash: contentHash(spec) })
}
