/**
 * Roll-outs of the policy while it trains: greedy, on tasks of the training split that no recorded trajectory comes from.
 * The tasks are chosen once a training, so that every roll-out is measured on the same ones.
 */
import {
  errorMessage,
  type LanguageModel,
  type RolloutSummary,
  type SeenQuestion,
  type Task,
  type ToolServices,
  type Trajectory,
} from "@swirl-ts/core"
import { rollout, scoreInTime } from "@swirl-ts/runner"
import { policySlug } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { judgeTrajectory } from "../judge/judge-all.ts"
import type { OpenJudge } from "../judge/open-judge.ts"
import type { SiblingSets } from "../judge/siblings.ts"
import { rolloutSettings } from "../rollouts.ts"
import { loadTasks } from "../tasks.ts"
import { readTrajectories } from "../trajectories.ts"
import { goodShare } from "./good-share.ts"
import type { LimitsOf } from "./source-limits.ts"
import type { PromptingOf } from "./source-promptings.ts"

interface FreshRolloutsRequest {
  /** Tasks of a roll-out, shared out over the benchmarks. */
  rolloutTasks: number
  /** Run folders whose tasks are left out; default: the context's own. */
  sources?: readonly string[]
}

export interface TaskSet {
  benchmark: string
  split: string
  tasks: Task[]
}

/** The `rollout` of a TrainingContext, on the chosen tasks. */
export function freshRollouts(
  context: StageContext,
  chosen: () => Promise<readonly TaskSet[]>,
  {
    kept,
    judge,
    votes,
    promptingOf,
    limitsOf,
    services,
  }: {
    kept: readonly Trajectory[]
    judge: OpenJudge
    votes?: SiblingSets
    promptingOf?: PromptingOf
    limitsOf?: LimitsOf
    services: ToolServices
  },
): (model: LanguageModel, options: { step: number; seed: number }) => Promise<RolloutSummary> {
  return async (model, { seed }) => {
    const made: Trajectory[] = []
    const outcomes: boolean[] = []
    const unscored = new Set<string>()
    for (const { benchmark, split, tasks } of await chosen()) {
      const settings = rolloutSettings(
        { ...context, seed },
        {
          benchmark,
          split,
          actionFormat: kept[0]!.actionFormat,
          prompting: promptingOf?.(benchmark, split),
          limits: limitsOf?.(benchmark, split),
          model: { model, identity: "training", concurrency: 64 },
          policy: policySlug("training", { identity: "training" }),
          services,
          sampling: { temperature: 0 },
        },
      )
      const { value } = settings.benchmark
      await rollout({
        ...settings,
        tasks,
        onTrajectory: async (trajectory, task) => {
          made.push(trajectory)
          try {
            const metrics = await scoreInTime(settings.benchmark, task, trajectory.answer, context.abortSignal)
            outcomes.push(metrics[value.primaryMetric]! >= 1)
          } catch (error) {
            context.abortSignal?.throwIfAborted()
            unscored.add(errorMessage(error))
          }
        },
      })
    }
    context.abortSignal?.throwIfAborted()
    for (const reason of unscored) context.host.log(`A fresh roll-out has answers without a score: ${reason}`)
    return summarise(made, outcomes, judge, votes)
  }
}

async function summarise(
  made: readonly Trajectory[],
  outcomes: readonly boolean[],
  judge: OpenJudge,
  votes: SiblingSets | undefined,
): Promise<RolloutSummary> {
  const judged = await Promise.all(
    made.map(async (trajectory) => judgeTrajectory(trajectory, await judge.forTask(trajectory, votes))),
  )
  const steps = made.flatMap((trajectory) => trajectory.steps)
  const verdicts = judged.flat().map((record) => record.verdict)
  const share = (count: number, of: number): number => (of === 0 ? 0 : count / of)
  return {
    trajectories: made.length,
    accuracy: share(outcomes.filter(Boolean).length, outcomes.length),
    goodSteps: goodShare(steps, verdicts),
    malformed: share(steps.filter((step) => step.kind === "malformed").length, steps.length),
    toolCalls: share(steps.filter((step) => step.kind === "tool").length, steps.length),
    meanSteps: share(steps.length, made.length),
    answered: share(made.filter((trajectory) => trajectory.status === "answered").length, made.length),
  }
}

/** Of each benchmark the first tasks that no trajectory of the sources comes from, and that the policy was not trained on before. Chosen once. */
export function taskChooser(...given: Parameters<typeof chooseTasks>): () => Promise<readonly TaskSet[]> {
  let chosen: Promise<TaskSet[]> | undefined
  return () => {
    chosen ??= chooseTasks(...given)
    return chosen
  }
}

async function chooseTasks(
  context: StageContext,
  request: FreshRolloutsRequest,
  {
    kept,
    before,
    promptingOf,
  }: { kept: readonly Trajectory[]; before: readonly SeenQuestion[]; promptingOf?: PromptingOf },
): Promise<TaskSet[]> {
  if (request.rolloutTasks === 0) return []
  const recorded = (
    await Promise.all((request.sources ?? [context.directory]).map((directory) => readTrajectories(directory)))
  ).flat()
  const wanted = new Map(kept.map(({ benchmark, split }) => [`${benchmark} ${split}`, { benchmark, split }]))
  const count = Math.ceil(request.rolloutTasks / wanted.size)
  return Promise.all(
    [...wanted.values()].map(async ({ benchmark, split }) => {
      const used = new Set(recorded.filter((trajectory) => trajectory.split === split).map(({ taskId }) => taskId))
      for (const { taskId, use, ...seen } of before)
        if (taskId && use !== "roll-outs" && seen.benchmark === benchmark && seen.split === split) used.add(taskId)
      const tasks: Task[] = []
      const shots = promptingOf?.(benchmark, split)?.shots
      for await (const task of loadTasks(context, context.directory, benchmark, split, { shots })) {
        if (!used.has(task.id)) tasks.push(task)
        if (tasks.length === count) break
      }
      return { benchmark, split, tasks }
    }),
  )
}
