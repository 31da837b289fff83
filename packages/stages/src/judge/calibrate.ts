/**
 * Calibration: a judge's verdicts against those of an oracle judge or of labels, on the same recorded steps, a benchmark
 * at a time. Only steps that a judge was asked about count: malformed and cut-off ones are bad without asking, and would
 * flatter every judge.
 */
import { isSwirlError, needsJudge, type Trajectory, type VerdictRecord } from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { readTrajectories } from "../trajectories.ts"
import { agreement, type Calibration } from "./agreement.ts"
import { judge } from "./judge.ts"
import type { Labels } from "./labels.ts"
import { type JudgeOptions, type OpenJudge, openJudge } from "./open-judge.ts"
import { readVerdicts } from "./verdicts.ts"

export interface BenchmarkCalibration {
  benchmark: string
  /** Absent where nothing could be compared; `problem` then says why. */
  calibration?: Calibration
  problem?: string
  /** Malformed and cut-off steps, which are left out. */
  notAsked: number
}

/** Judges with the oracle where that has not been done, then compares. */
export async function calibrateJudge(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions; oracle: string },
): Promise<BenchmarkCalibration[]> {
  await judge(context, { judge: request.oracle })
  const theirs = openJudge(context, request.oracle)
  try {
    return await compare(context, request, (these) => verdictsOf(context, theirs, these))
  } finally {
    await theirs.close()
  }
}

/** The judge's recorded verdicts against labels. */
export function calibrateOnLabels(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions; labels: Labels },
): Promise<BenchmarkCalibration[]> {
  return compare(context, request, async (these) => {
    const ids = new Set(these.map((trajectory) => trajectory.id))
    return request.labels.records.filter((label) => ids.has(label.trajectoryId))
  })
}

async function compare(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions },
  reference: (trajectories: readonly Trajectory[]) => Promise<VerdictRecord[]>,
): Promise<BenchmarkCalibration[]> {
  const trajectories = await readTrajectories(context.directory)
  const asked = openJudge(context, request.judge, request.options)
  try {
    const results: BenchmarkCalibration[] = []
    for (const benchmark of [...new Set(trajectories.map((trajectory) => trajectory.benchmark))].sort()) {
      const these = trajectories.filter((trajectory) => trajectory.benchmark === benchmark)
      const unasked = new Set(
        these.flatMap(({ id, steps }) => steps.flatMap((step, index) => (needsJudge(step) ? [] : [`${id} ${index}`]))),
      )
      const isAsked = ({ trajectoryId, step }: VerdictRecord): boolean => !unasked.has(`${trajectoryId} ${step}`)
      const known = await reference(these)
      if (known.length === 0) continue
      const ours = await verdictsOf(context, asked, these)
      results.push({
        benchmark,
        notAsked: known.filter((record) => !isAsked(record)).length,
        ...attempt(ours.filter(isAsked), known.filter(isAsked)),
      })
    }
    return results
  } finally {
    await asked.close()
  }
}

function attempt(
  ours: readonly VerdictRecord[],
  theirs: readonly VerdictRecord[],
): Pick<BenchmarkCalibration, "calibration" | "problem"> {
  try {
    return { calibration: agreement(ours, theirs) }
  } catch (error) {
    if (isSwirlError(error)) return { problem: error.message }
    throw error
  }
}

/** What a judge is on record for. */
async function verdictsOf(
  { directory }: StageContext,
  judge: OpenJudge,
  trajectories: readonly Trajectory[],
): Promise<VerdictRecord[]> {
  const { verdicts } = await readVerdicts(directory, trajectories, judge)
  return [...verdicts.values()].flat().filter((record) => record !== undefined)
}
