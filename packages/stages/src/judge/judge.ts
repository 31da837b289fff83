/** Judging: a verdict for every step of a run folder's trajectories; run again to continue. */
import { endpointsInWords, type Trajectory, type VerdictRecord, VerdictSchema } from "@swirl-ts/core"
import { openRecordFile, openRun, type Run } from "@swirl-ts/store"
import { judgesAtOnce, type StageContext } from "../context.ts"
import { countedRequests } from "../counted-requests.ts"
import { askedAgain } from "../finished-command.ts"
import { recordedTasks } from "../recorded-tasks.ts"
import { readTrajectories } from "../trajectories.ts"
import { type JudgeSummary, judgeAll } from "./judge-all.ts"
import {
  type Identities,
  identitiesOf,
  type JudgeOptions,
  judgeStage,
  type OpenJudge,
  openJudge,
} from "./open-judge.ts"
import { siblingSets } from "./siblings.ts"
import { staleness } from "./verdicts.ts"

export interface JudgeStageResult extends JudgeSummary {
  judge: string
  oracle: boolean
}

/** Judges every step that has no verdict of this judge; unscored and stale ones are asked again. */
export async function judge(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions },
): Promise<JudgeStageResult> {
  const judge = openJudge(context, request.judge, request.options)
  try {
    return await judgeWith(context, judge)
  } finally {
    await judge.close()
  }
}

/** What it said, with the identities that it went by. */
interface JudgedBefore {
  result: JudgeStageResult
  identities: Identities
}

async function judgeWith(context: StageContext, judge: OpenJudge): Promise<JudgeStageResult> {
  // An oracle reads tasks of splits that only the trajectories name.
  const finished = judge.oracle
    ? undefined
    : await askedAgain<JudgedBefore>(context, {
        command: "judge",
        request: { judge: judge.name, options: judge.options },
        identity: undefined,
        splits: [],
      })
  const before = await finished?.said()
  if (before && (await isSameJudge(judge, before.identities))) return nothingToJudge(context, judge, before.result)
  const trajectories = await readTrajectories(context.directory)
  const identities = await identitiesOf(judge, trajectories)
  // An oracle that knew the answers to other questions would call every step bad.
  if (judge.oracle) await recordedTasks(context, context.directory, trajectories)
  const spec = judgeStage("judge", judge, identities)
  const run = await openRun(context.directory, { spec })
  try {
    const into = { trajectories, identities, path: run.paths.verdicts }
    const counted = { run, stage: Object.keys(spec)[0]!, endpoints: judge.endpoints }
    const summary = await countedRequests(counted, () => judgeInto(context, run, judge, into))
    const result = { judge: judge.name, oracle: judge.oracle, ...summary }
    if (result.unscored === 0) await finished?.note({ result, identities }, ["trajectories.jsonl", "verdicts.jsonl"])
    return result
  } finally {
    await run.close()
  }
}

async function isSameJudge(judge: OpenJudge, identities: Identities): Promise<boolean> {
  for (const [benchmark, identity] of Object.entries(identities))
    if ((await judge.identity(benchmark)) !== identity) return false
  return true
}

function nothingToJudge(
  { onProgress }: StageContext,
  { name, needsSiblings }: OpenJudge,
  { judge, oracle, trajectories, judged, skipped }: JudgeStageResult,
): JudgeStageResult {
  const steps = judged + skipped
  onProgress?.({ stage: `judge ${name}`, done: steps, total: steps, detail: "all were judged already" })
  const counts = { judged: 0, skipped: steps, good: 0, bad: 0, unscored: 0, unscoredReasons: {} }
  return { judge, oracle, trajectories, ...counts, ...(needsSiblings ? { stale: 0 } : {}) }
}

/**
 * Appends to the file what it does not hold, and once more what is stale in it and, unless `keepsUnscored`, what is unscored;
 * the run's lock has to be held.
 */
export async function judgeInto(
  context: StageContext,
  run: Run,
  judge: OpenJudge,
  {
    trajectories,
    identities,
    path,
    keepsUnscored = false,
  }: { trajectories: readonly Trajectory[]; identities: Identities; path: string; keepsUnscored?: boolean },
): Promise<JudgeSummary> {
  const mine = new Set(Object.values(identities))
  const sets = judge.needsSiblings ? siblingSets(trajectories) : undefined
  const isStale = staleness(sets, trajectories)
  const known = new Set(trajectories.map(({ id }) => id))
  const stale = new Set<string>()
  const when = (record: VerdictRecord): boolean => {
    if (!mine.has(record.judge)) return false
    const isLate = known.has(record.trajectoryId) && isStale(record)
    if (isLate) stale.add(record.id)
    return isLate || (!keepsUnscored && record.verdict === "unscored")
  }
  const steps = trajectories.reduce((sum, trajectory) => sum + trajectory.steps.length, 0)
  const file = await openRecordFile(path, VerdictSchema, { retry: { when, attempts: run.paths.attempts } })
  try {
    if (stale.size > 0)
      context.host.log(
        `${stale.size} verdicts of ${judge.name} are stale: their questions have other trajectories now. These steps are judged again.`,
      )
    const summary = await judgeAll(trajectories, (trajectory) => judge.forTask(trajectory, sets), {
      has: file.has,
      write: file.append,
      onVerdict: ({ judged, skipped, unscored }) =>
        context.onProgress?.({
          stage: `judge ${judge.name}`,
          done: judged + skipped,
          total: steps,
          detail: [`${unscored} unscored`, endpointsInWords(judge.endpoints()) ?? []].flat().join(" · "),
        }),
      concurrency: judgesAtOnce(context),
      abortSignal: context.abortSignal,
    })
    return judge.needsSiblings ? { ...summary, stale: stale.size } : summary
  } finally {
    await file.close()
  }
}
