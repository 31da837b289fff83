/** Generation: trajectories of a policy on training tasks, appended to the run folder; run again to continue. */
import { checkSplit, type Limits, TrajectorySchema } from "@swirl-ts/core"
import { openRolloutFiles, rollout } from "@swirl-ts/runner"
import { hasRecord, openRun } from "@swirl-ts/store"
import { dataPathOf, openPolicy, type StageContext } from "../context.ts"
import { selectTrajectories } from "../filter/filter.ts"
import { type JudgeOptions, judge, openJudge } from "../judge/judge.ts"
import { rolloutSettings, selectTasks, type TaskSelection } from "../rollouts.ts"
import { generateStage } from "../tasks.ts"

export interface GenerateRequest extends TaskSelection {
  benchmarks: readonly string[]
  model: string
  samples: number
  temperature: number
  actionFormat: string
  /** In place of the benchmark's own. */
  limits?: Partial<Limits>
}

export interface GenerateResult {
  trajectories: number
  /** There already when this run began. */
  reused: number
  answered: number
  stepLimit: number
  tokenLimit: number
  errors: number
  steps: number
  toolCalls: number
  malformed: number
  seconds: number
}

export async function generate(context: StageContext, request: GenerateRequest): Promise<GenerateResult> {
  const started = performance.now()
  for (const name of request.benchmarks) checkSplit(context.registry.resolve("benchmarks", name), request.split)
  const opened = await openPolicy(context, request.model)
  const run = await openRun(context.directory).catch(async (error: unknown) => {
    await opened.close?.()
    throw error
  })
  const result: GenerateResult = {
    trajectories: 0,
    reused: 0,
    answered: 0,
    stepLimit: 0,
    tokenLimit: 0,
    errors: 0,
    steps: 0,
    toolCalls: 0,
    malformed: 0,
    seconds: 0,
  }
  const files = await openRolloutFiles(run.paths, opened.model.conversation ? "block" : "each")
  try {
    for (const benchmark of request.benchmarks) {
      const settings = rolloutSettings(context, {
        ...request,
        benchmark,
        model: opened,
        policy: request.model,
        sampling: { temperature: request.temperature },
      })
      const { fullName, split, value } = settings.benchmark
      const dataPath = dataPathOf(context, fullName)
      await run.register(
        {
          [generateStage(fullName, split)]: {
            model: request.model,
            identity: opened.identity,
            temperature: request.temperature,
            actionFormat: request.actionFormat,
            seed: context.seed,
            dataPath,
            limit: request.limit,
            limits: request.limits,
            samples: request.samples,
          },
        },
        { limits: JSON.stringify({ ...value.limits, ...request.limits }) },
        () =>
          hasRecord(
            run.paths.trajectories,
            TrajectorySchema,
            (record) => record.benchmark === fullName && record.split === split,
          ),
      )
      const tasks = await selectTasks(context, context.directory, benchmark, request)
      const { aborted } = await rollout({
        ...settings,
        tasks,
        samples: request.samples,
        trajectories: files.trajectories,
        responses: files.responses,
        onTrajectory: (trajectory, _task, resumed) => {
          result.trajectories++
          if (resumed) result.reused++
          result.steps += trajectory.steps.length
          result.toolCalls += trajectory.steps.filter((step) => step.kind === "tool").length
          result.malformed += trajectory.steps.filter((step) => step.kind === "malformed").length
          const field = (
            { answered: "answered", "step-limit": "stepLimit", "token-limit": "tokenLimit", error: "errors" } as const
          )[trajectory.status]
          result[field]++
        },
        onProgress: (progress) =>
          context.onProgress?.({
            stage: `generate ${benchmark}`,
            done: progress.done,
            total: progress.total ?? progress.done,
            detail: `${progress.answered} answered, ${progress.malformed} malformed, ${progress.errors} errors`,
          }),
      })
      if (aborted) context.abortSignal?.throwIfAborted()
    }
    return { ...result, seconds: (performance.now() - started) / 1000 }
  } finally {
    await files.close()
    await opened.close?.()
    await run.close()
  }
}

/** A judge that cannot be made is found before the policy is paid for. */
async function checkJudge(context: StageContext, { judge, judgeOptions, benchmarks }: UntilKeptRequest): Promise<void> {
  const bench = openJudge(context, judge, judgeOptions)
  try {
    for (const benchmark of benchmarks) await bench.identity(context.registry.resolve("benchmarks", benchmark).fullName)
  } finally {
    await bench.close()
  }
}

export interface UntilKeptRequest extends GenerateRequest {
  /** Trajectories wanted after the filter. */
  kept: number
  strategy: string
  judge: string
  judgeOptions?: JudgeOptions
  /** Stop at this many trajectories all the same; default: 40 for each one wanted. */
  atMost?: number
}

/**
 * Generates, judges and filters until enough are kept (METHOD 3: trainings use a fixed number of kept trajectories).
 * Every round asks for more tasks of the same split through the same files, so a round that is there costs nothing.
 */
export async function generateUntilKept(
  context: StageContext,
  request: UntilKeptRequest,
): Promise<GenerateResult & { kept: number; enough: boolean }> {
  const atMost = request.atMost ?? 40 * request.kept
  await checkJudge(context, request)
  const perTask = request.samples * request.benchmarks.length
  let limit = Math.ceil(Math.min(atMost, request.limit ? request.limit * perTask : 2 * request.kept) / perTask)
  for (;;) {
    const result = await generate(context, { ...request, limit })
    await judge(context, { judge: request.judge, options: request.judgeOptions })
    const { kept } = await selectTrajectories(context, [context.directory], request)
    const enough = kept.length >= request.kept
    const most = result.trajectories >= atMost || result.trajectories < limit * perTask
    if (enough || most) return { ...result, kept: kept.length, enough }
    const share = Math.max(kept.length, 1) / result.trajectories
    const wanted = Math.min(atMost, Math.max(result.trajectories + perTask, Math.ceil((1.05 * request.kept) / share)))
    limit = Math.ceil(wanted / perTask)
    context.host.log(
      `${kept.length} of ${result.trajectories} kept, ${request.kept} wanted: generating up to ${limit * perTask}`,
    )
  }
}
