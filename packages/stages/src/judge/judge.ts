/**
 * Judges by name, for recorded steps and for fresh actions alike. A judge gets prompt, conversation and action; only an
 * oracle judge is handed the task, and everything it touches is labelled as oracle.
 */
import {
  contentHash,
  type Judge,
  type JudgeRequest,
  type JudgeVerdict,
  type OracleJudge,
  SwirlError,
  suggestion,
  type Task,
  type Trajectory,
  type VerdictRecord,
  VerdictSchema,
} from "@swirl-ts/core"
import { openRecordFile, openRun, type RunSpec, readRecords, retireRecords, runPaths } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { loadTasks } from "../tasks.ts"
import { readTrajectories } from "../trajectories.ts"
import { type JudgeSummary, judgeAll, safeVerdict } from "./judge-all.ts"
import { allSettled, judgeModels } from "./judge-models.ts"

/** Options of a judge, e.g. `{ noise: 0.1 }`. */
export type JudgeOptions = Readonly<Record<string, unknown>>

export interface JudgeBench {
  readonly oracle: boolean
  /** Name and settings as they stand in verdicts of one benchmark. */
  identity(benchmark: string): Promise<string>
  /** The judge of one task. */
  forTask(benchmark: string, split: string, taskId: string): Promise<Judge>
  verdicts(requests: readonly (JudgeRequest & { split: string })[]): Promise<JudgeVerdict[]>
  /** Closes the models that the judge asked. */
  close(): Promise<void>
}

/** Opens a judge or an oracle judge by name. */
export function openJudge(context: StageContext, name: string, options: JudgeOptions = {}): JudgeBench {
  const { registry, seed } = context
  const oracle = !registry.has("judges", name) && registry.has("oracles", name)
  if (!oracle && !registry.has("judges", name)) {
    const names = [...registry.list("judges"), ...registry.list("oracles")].map((entry) => entry.name)
    throw new SwirlError(`There is no judge "${name}".${suggestion(name, names)}`, { kind: "usage" })
  }
  const models = judgeModels(context)
  const judges = new Map<string, Promise<Judge | OracleJudge>>()
  const opened = (benchmark: string): Promise<Judge | OracleJudge> => {
    const known = judges.get(benchmark)
    if (known) return known
    const factory = registry.resolve(oracle ? "oracles" : "judges", name).value
    const created = Promise.resolve(factory.create({ ...options, benchmark, seed }, models.context))
    judges.set(benchmark, created)
    return created
  }
  const tasks = taskLookup(context)
  const forTask = async (benchmark: string, split: string, taskId: string): Promise<Judge> => {
    const judge = await opened(benchmark)
    if (!oracle) return judge as Judge
    const task = await tasks(benchmark, split, taskId)
    return { identity: judge.identity, judge: (input) => (judge as OracleJudge).judge(input, task) }
  }
  return {
    oracle,
    identity: async (benchmark) => (await opened(benchmark)).identity,
    forTask,
    verdicts: (requests) =>
      Promise.all(
        requests.map(async ({ input, benchmark, split, taskId }) =>
          safeVerdict(
            await forTask(benchmark, split, taskId),
            input,
            context.abortSignal ? { abortSignal: context.abortSignal } : {},
          ),
        ),
      ),
    close: models.close,
  }
}

/**
 * The stage of a judge as `run.json` records it. Judges that ask a model have one a setting, so that several fit in one
 * folder; their identities say all that can change a verdict, however the settings were given.
 */
export function judgeStage(
  kind: "judge" | "outcomes",
  judge: string,
  options: JudgeOptions,
  identities: readonly string[],
): RunSpec {
  if (!identities.some((identity) => identity.includes(" model="))) return { [`${kind}/${judge}`]: { judge, options } }
  const sorted = [...identities].sort()
  return { [`${kind}/${judge}/${contentHash(sorted, 8)}`]: { judge, identities: sorted } }
}

/** Finds tasks by id; a split is read once, as far as needed. */
function taskLookup(context: StageContext): (benchmark: string, split: string, id: string) => Promise<Task> {
  const splits = new Map<string, { found: Map<string, Task>; rest: AsyncIterator<Task>; ended: boolean }>()
  return async (benchmark, split, id) => {
    const key = `${benchmark} ${split}`
    let entry = splits.get(key)
    if (!entry) {
      entry = { found: new Map(), rest: loadTasks(context, context.directory, benchmark, split), ended: false }
      splits.set(key, entry)
    }
    for (;;) {
      const task = entry.found.get(id)
      if (task) return task
      if (entry.ended)
        throw new SwirlError(`The task ${id} is not in split ${split} of ${benchmark}; an oracle judge needs it.`)
      // Others read on at the same time, so the end is no answer yet: they may have come by this task.
      const { value, done } = await entry.rest.next()
      if (done) entry.ended = true
      else entry.found.set(value.id, value)
    }
  }
}

export interface JudgeStageResult extends JudgeSummary {
  judge: string
  oracle: boolean
}

/** Judges every step of the run folder's trajectories; run again to continue. Unscored steps are asked again. */
export async function judge(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions },
): Promise<JudgeStageResult> {
  const bench = openJudge(context, request.judge, request.options)
  try {
    return await judgeWith(bench, context, request)
  } finally {
    await bench.close()
  }
}

async function judgeWith(
  bench: JudgeBench,
  context: StageContext,
  request: { judge: string; options?: JudgeOptions },
): Promise<JudgeStageResult> {
  const trajectories = await readTrajectories(context.directory)
  const benchmarks = new Set(trajectories.map((trajectory) => trajectory.benchmark))
  const identities = new Set(await Promise.all([...benchmarks].map((benchmark) => bench.identity(benchmark))))
  const run = await openRun(context.directory, {
    spec: judgeStage("judge", request.judge, request.options ?? {}, [...identities]),
  })
  const failed = (record: VerdictRecord): boolean => record.verdict === "unscored" && identities.has(record.judge)
  await retireRecords(run.paths.verdicts, VerdictSchema, failed, run.paths.attempts)
  const file = await openRecordFile(run.paths.verdicts, VerdictSchema)
  try {
    const total: JudgeSummary = {
      trajectories: 0,
      judged: 0,
      skipped: 0,
      good: 0,
      bad: 0,
      unscored: 0,
      unscoredReasons: {},
    }
    let done = 0
    const waiting = [...trajectories]
    const worker = async (): Promise<void> => {
      for (let trajectory = waiting.shift(); trajectory; trajectory = waiting.shift()) {
        const { benchmark, split, taskId } = trajectory
        const summary = await judgeAll([trajectory], await bench.forTask(benchmark, split, taskId), {
          has: (id) => file.has(id),
          write: (record) => file.append(record),
          // One verdict at once a worker: `concurrency` in all.
          concurrency: 1,
          abortSignal: context.abortSignal,
        })
        addSummary(total, summary)
        context.onProgress?.({
          stage: `judge ${request.judge}`,
          done: ++done,
          total: trajectories.length,
          detail: `${total.unscored} unscored`,
        })
      }
    }
    await allSettled(context.concurrency, worker, () => waiting.splice(0))
    return { judge: request.judge, oracle: bench.oracle, ...total }
  } finally {
    await file.close()
    await run.close()
  }
}

function addSummary(total: JudgeSummary, part: JudgeSummary): void {
  for (const field of ["trajectories", "judged", "skipped", "good", "bad", "unscored"] as const)
    total[field] += part[field]
  for (const [reason, count] of Object.entries(part.unscoredReasons)) {
    total.unscoredReasons[reason] = (total.unscoredReasons[reason] ?? 0) + count
  }
}

/** Verdicts of one judge, by trajectory, in step order; undefined where a step has none. The last verdict of a step counts. */
export async function readVerdicts(
  directory: string,
  trajectories: readonly Trajectory[],
  identityOf: (benchmark: string) => Promise<string>,
): Promise<Map<string, (VerdictRecord | undefined)[]>> {
  const identities = new Map<string, string>()
  const verdicts = new Map<string, (VerdictRecord | undefined)[]>()
  for (const trajectory of trajectories) {
    if (!identities.has(trajectory.benchmark))
      identities.set(trajectory.benchmark, await identityOf(trajectory.benchmark))
    verdicts.set(trajectory.id, new Array(trajectory.steps.length).fill(undefined))
  }
  const wanted = new Set(identities.values())
  for await (const verdict of readRecords(runPaths(directory).verdicts, VerdictSchema)) {
    const steps = verdicts.get(verdict.trajectoryId)
    if (steps && wanted.has(verdict.judge) && verdict.step < steps.length) steps[verdict.step] = verdict
  }
  return verdicts
}
