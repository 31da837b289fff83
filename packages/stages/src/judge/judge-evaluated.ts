/**
 * Evaluated trajectories, judged: how good the steps of a policy are, beside its score. Verdicts stand in `verdicts.jsonl` of the
 * folder `eval/<policy>`, one a step and judge, so they are asked for once; who judged with which settings is said by each.
 */
import { type Cell, type Trajectory, TrajectorySchema, type VerdictRecord, VerdictSchema } from "@swirl-ts/core"
import { evaluatedVerdicts, openRun, type Run, readRecords, runPaths } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { recordedTasks } from "../recorded-tasks.ts"
import { judgeInto } from "./judge.ts"
import type { JudgeSummary } from "./judge-all.ts"
import { identitiesOf, type JudgeOptions, judgeStage, openJudge } from "./open-judge.ts"

export interface JudgedCell extends Cell {
  /** As the evaluation has it. */
  policy: string
  taskIds: ReadonlySet<string>
}

/** Judges the steps of some questions of each cell; run again, those that have no verdict of this judge. Cells are of one policy. */
export async function judgeEvaluated(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions; cells: readonly JudgedCell[] },
): Promise<JudgeSummary | undefined> {
  const [first] = request.cells
  if (!first) return undefined
  const trajectories = (await Promise.all(request.cells.map((cell) => trajectoriesOf(context, cell)))).flat()
  const judge = openJudge(context, request.judge, request.options)
  let run: Run | undefined
  try {
    if (judge.oracle) await recordedTasks(context, context.directory, trajectories)
    const identities = await identitiesOf(judge, trajectories)
    run = await openRun(context.directory)
    // Told by identity, so that another judge is one more and none is refused: a verdict says whose it is.
    await run.register(judgeStage("judge", { ...judge, asksModel: true }, identities))
    const { verdicts: path } = run.paths.evaluation(first.policy, first.benchmark)
    return await judgeInto(context, run, judge, { trajectories, identities, path })
  } finally {
    await run?.close()
    await judge.close()
  }
}

/** What failed is not judged. */
async function trajectoriesOf({ directory }: StageContext, cell: JudgedCell): Promise<Trajectory[]> {
  const { policy, benchmark, temperature, split, taskIds } = cell
  const { trajectories } = runPaths(directory).evaluation(policy, benchmark, temperature)
  const found: Trajectory[] = []
  for await (const trajectory of readRecords(trajectories, TrajectorySchema))
    if (trajectory.split === split && taskIds.has(trajectory.taskId) && trajectory.status !== "error")
      found.push(trajectory)
  return found
}

/** Recorded verdicts in a folder `eval/<policy>`, by trajectory. */
export async function readEvaluatedVerdicts(folder: string): Promise<Map<string, VerdictRecord[]>> {
  const found = new Map<string, VerdictRecord[]>()
  for await (const verdict of readRecords(evaluatedVerdicts(folder), VerdictSchema)) {
    const known = found.get(verdict.trajectoryId)
    if (known) known.push(verdict)
    else found.set(verdict.trajectoryId, [verdict])
  }
  return found
}
