/** Calibration: a judge's verdicts against those of an oracle judge, on the same recorded steps, a benchmark at a time. */
import type { VerdictRecord } from "@swirl-ts/core"
import { type Calibration, calibrate } from "@swirl-ts/judges"
import type { StageContext } from "./context.ts"
import { type JudgeOptions, judge, openJudge, readVerdicts } from "./stage-judge.ts"
import { readTrajectories } from "./trajectories.ts"

/** Judges with the oracle where that has not been done, then compares. */
export async function calibrateJudge(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions; oracle: string },
): Promise<{ benchmark: string; calibration: Calibration }[]> {
  await judge(context, { judge: request.oracle })
  const trajectories = await readTrajectories(context.directory)
  const ours = openJudge(context, request.judge, request.options)
  const theirs = openJudge(context, request.oracle)
  try {
    const benchmarks = [...new Set(trajectories.map((trajectory) => trajectory.benchmark))].sort()
    const results: { benchmark: string; calibration: Calibration }[] = []
    for (const benchmark of benchmarks) {
      const these = trajectories.filter((trajectory) => trajectory.benchmark === benchmark)
      const records = async (identity: typeof ours.identity): Promise<VerdictRecord[]> =>
        [...(await readVerdicts(context.directory, these, identity)).values()]
          .flat()
          .filter((record) => record !== undefined)
      results.push({ benchmark, calibration: calibrate(await records(ours.identity), await records(theirs.identity)) })
    }
    return results
  } finally {
    await ours.close()
    await theirs.close()
  }
}
