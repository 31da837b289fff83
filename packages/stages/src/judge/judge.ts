/** Judging: a verdict for every step of a run folder's trajectories; run again to continue. */
import { type VerdictRecord, VerdictSchema } from "@swirl-ts/core"
import { inParallel } from "@swirl-ts/kit"
import { openRecordFile, openRun, retireRecords } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { readTrajectories } from "../trajectories.ts"
import { type JudgeSummary, judgeAll } from "./judge-all.ts"
import { identitiesOf, type JudgeOptions, judgeStage, type OpenJudge, openJudge } from "./open-judge.ts"

export interface JudgeStageResult extends JudgeSummary {
  judge: string
  oracle: boolean
}

/** Judges every step that has no verdict of this judge; unscored ones are asked again. */
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

async function judgeWith(context: StageContext, judge: OpenJudge): Promise<JudgeStageResult> {
  const trajectories = await readTrajectories(context.directory)
  const identities = await identitiesOf(judge, trajectories)
  const run = await openRun(context.directory, { spec: judgeStage("judge", judge, identities) })
  const mine = new Set(Object.values(identities))
  const failed = (record: VerdictRecord): boolean => record.verdict === "unscored" && mine.has(record.judge)
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
    await inParallel(trajectories, context.concurrency, async (trajectory) => {
      const { benchmark, split, taskId } = trajectory
      const summary = await judgeAll([trajectory], await judge.forTask(benchmark, split, taskId), {
        has: (id) => file.has(id),
        write: (record) => file.append(record),
        // One verdict at once a trajectory: `concurrency` in all.
        concurrency: 1,
        abortSignal: context.abortSignal,
      })
      addSummary(total, summary)
      context.onProgress?.({
        stage: `judge ${judge.name}`,
        done: ++done,
        total: trajectories.length,
        detail: `${total.unscored} unscored`,
      })
    })
    return { judge: judge.name, oracle: judge.oracle, ...total }
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
