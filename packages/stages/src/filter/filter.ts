/** Filtering: which of a run folder's trajectories are kept, and why the others are not. */
import { join } from "node:path"
import {
  applyFilter,
  type Filter,
  type FilterInput,
  type NamedBenchmark,
  SwirlError,
  scoreAnswer,
  slug,
  type Task,
  type Trajectory,
} from "@swirl-ts/core"
import { openRun, runPaths, writeFileAtomic } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import {
  identitiesOf,
  type JudgeOptions,
  type OpenJudge,
  type OpenOutcomeJudge,
  openJudge,
} from "../judge/open-judge.ts"
import { type FinalAnswer, judgeOutcomes, readOutcomes, referenceOf } from "../judge/outcomes.ts"
import { readVerdicts } from "../judge/verdicts.ts"
import { loadTasks } from "../tasks.ts"
import { readTrajectories } from "../trajectories.ts"

export interface FilterRequest {
  strategy: string
  judge: string
  judgeOptions?: JudgeOptions
  /** Whose verdict on the final answer is the outcome, in place of the official score; the caller closes it. */
  outcomes?: OpenOutcomeJudge
}

export interface FilterStageResult {
  strategy: string
  judge: string
  /** The outcome judge, where one took the place of the official score. */
  outcomeJudge?: string
  total: number
  kept: number
  dropped: number
  /** Of the dropped: had no verdict for some step, so nobody can say. */
  unscored: number
  /** Of the kept: answers that match the reference. Measured, never used unless the strategy says so. */
  keptRight: number
  ids: string[]
}

/** Writes `filters/<strategy>.json` into the run folder. */
export async function filter(context: StageContext, request: FilterRequest): Promise<FilterStageResult> {
  const { value: strategy } = context.registry.resolve("filters", request.strategy)
  if (request.outcomes && strategy.needs.includes("outcome")) await judgeAnswers(context, request.outcomes)
  const { kept, ...result } = await selectTrajectories(context, [context.directory], request)
  const stage = { ...result, kept: kept.length, ids: kept.map((trajectory) => trajectory.id) }
  const path = join(runPaths(context.directory).directory, "filters", `${slug(request.strategy)}.json`)
  await writeFileAtomic(path, `${JSON.stringify({ schema: "swirl.filter/1", ...stage }, null, 2)}\n`)
  return stage
}

export interface Selection extends Omit<FilterStageResult, "kept" | "ids"> {
  kept: Trajectory[]
}

/** The kept trajectories of some run folders. */
export async function selectTrajectories(
  context: StageContext,
  directories: readonly string[],
  request: FilterRequest,
): Promise<Selection> {
  const { value: strategy } = context.registry.resolve("filters", request.strategy)
  const judge = openJudge(context, request.judge, request.judgeOptions)
  try {
    return await selectWith(context, directories, request, strategy, judge)
  } finally {
    await judge.close()
  }
}

async function selectWith(
  context: StageContext,
  directories: readonly string[],
  request: FilterRequest,
  strategy: Filter,
  judge: OpenJudge,
): Promise<Selection> {
  const answers = strategy.needs.includes("outcome") ? request.outcomes : undefined
  const selection: Selection = {
    strategy: request.strategy,
    judge: request.judge,
    ...(answers ? { outcomeJudge: answers.name } : {}),
    total: 0,
    dropped: 0,
    unscored: 0,
    keptRight: 0,
    kept: [],
  }
  for (const directory of directories) {
    const trajectories = await readTrajectories(directory)
    const verdicts = strategy.needs.includes("process")
      ? await readVerdicts(directory, trajectories, await identitiesOf(judge, trajectories))
      : new Map<string, FilterInput["verdicts"]>()
    if (strategy.needs.includes("process") && ![...verdicts.values()].some((steps) => steps.some(Boolean))) {
      throw new SwirlError(
        `No step in ${directory} has a verdict of judge ${request.judge}. Judge first: swirl judge --judge ${request.judge} --run ${directory}`,
        { kind: "usage" },
      )
    }
    const right = await outcomes(context, directory, trajectories)
    const judged = answers ? await judgedRight(directory, trajectories, answers) : right
    const result = applyFilter(
      strategy,
      trajectories.map((trajectory) => {
        const outcome = strategy.needs.includes("outcome") ? judged.get(trajectory.id) : undefined
        return {
          trajectory,
          verdicts: verdicts.get(trajectory.id) ?? [],
          outcome,
        }
      }),
    )
    selection.total += result.counts.total
    selection.dropped += result.counts.dropped
    selection.unscored += result.counts.unscored
    selection.kept.push(...result.kept.map(({ trajectory }) => trajectory))
    selection.keptRight += result.kept.filter(({ trajectory }) => right.get(trajectory.id)).length
  }
  return selection
}

/** What an outcome judge said of each answer; nothing where it gave no verdict. */
async function judgedRight(
  directory: string,
  trajectories: readonly Trajectory[],
  outcomeJudge: OpenOutcomeJudge,
): Promise<Map<string, boolean>> {
  const identities = Object.values(await identitiesOf(outcomeJudge, trajectories))
  const records = await readOutcomes(directory, new Set(identities))
  return new Map(
    [...records.values()].flatMap(({ trajectoryId, verdict }) =>
      verdict === "unscored" ? [] : [[trajectoryId, verdict === "good"] as const],
    ),
  )
}

/** Has every answer of the run folder judged, where that has not been done. */
async function judgeAnswers(context: StageContext, outcomeJudge: OpenOutcomeJudge): Promise<void> {
  const run = await openRun(context.directory)
  try {
    const answers: FinalAnswer[] = []
    await forEachTask(context, context.directory, await readTrajectories(context.directory), (task, made) => {
      for (const { id, benchmark, steps, answer } of made) {
        answers.push({
          trajectoryId: id,
          step: Math.max(0, steps.length - 1),
          benchmark,
          question: task.question,
          reference: referenceOf(task),
          answer,
        })
      }
    })
    await judgeOutcomes(context, run, outcomeJudge, answers)
  } finally {
    await run.close()
  }
}

/** Whether each trajectory's answer scores full marks in its benchmark's primary metric; nothing where it has no score. */
async function outcomes(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): Promise<Map<string, boolean>> {
  const right = new Map<string, boolean>()
  await forEachTask(context, directory, trajectories, (task, made, benchmark) => {
    for (const trajectory of made) {
      try {
        right.set(trajectory.id, scoreAnswer(benchmark, task, trajectory.answer)[benchmark.value.primaryMetric]! >= 1)
      } catch {
        // What cannot be scored has no outcome: strategies count it as unscored.
      }
    }
  })
  return right
}

/** The tasks that trajectories come from, each with its trajectories. */
async function forEachTask(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
  use: (task: Task, made: readonly Trajectory[], benchmark: NamedBenchmark) => void,
): Promise<void> {
  const wanted = new Map<string, Map<string, Trajectory[]>>()
  for (const trajectory of trajectories) {
    const key = `${trajectory.benchmark} ${trajectory.split}`
    const tasks = wanted.get(key) ?? new Map<string, Trajectory[]>()
    tasks.set(trajectory.taskId, [...(tasks.get(trajectory.taskId) ?? []), trajectory])
    wanted.set(key, tasks)
  }
  for (const [key, tasks] of wanted) {
    const [name, split] = key.split(" ") as [string, string]
    const benchmark = context.registry.resolve("benchmarks", name)
    let open = tasks.size
    for await (const task of loadTasks(context, directory, name, split)) {
      const made = tasks.get(task.id)
      if (!made) continue
      use(task, made, benchmark)
      if (--open === 0) break
    }
  }
}
