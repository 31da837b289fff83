/** Judging, and how far the judge agrees with who knows: the oracles of the benchmarks, one by name, or a file of labels. */
import { SwirlError } from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { readTrajectories } from "../trajectories.ts"
import { type BenchmarkCalibration, calibrateJudge, calibrateOnLabels } from "./calibrate.ts"
import { type JudgeStageResult, judge } from "./judge.ts"
import { labelsOf } from "./labels.ts"
import type { JudgeOptions } from "./open-judge.ts"
import { oraclesOf } from "./oracles.ts"

export interface JudgedAgainst {
  judged: JudgeStageResult
  /** Names of oracles, or of the file of labels. */
  against: string
  calibration: BenchmarkCalibration[]
  /** Labels about trajectories that are not in the run folder; absent where there are no labels. */
  labelsElsewhere?: number
}

/** `against`: an oracle's name, or a file of labels; without it, the oracles of the benchmarks. */
export async function judgeAgainst(
  context: StageContext,
  request: { judge: string; options?: JudgeOptions; against?: string },
): Promise<JudgedAgainst> {
  const { against } = request
  // Found before the judge is paid for: an oracle that is missing and a wrong file would only be seen afterwards.
  const isLabels = against !== undefined && !context.registry.has("oracles", against)
  const labels = isLabels ? await labelsOf(context, against) : undefined
  const oracles = isLabels ? [] : against === undefined ? await oraclesHere(context) : [against]
  const judged = await judge(context, request)
  const calibration = labels ? await calibrateOnLabels(context, { ...request, labels }) : []
  for (const oracle of oracles) calibration.push(...(await calibrateJudge(context, { ...request, oracle })))
  return { judged, against: against ?? oracles.join(" and "), calibration, labelsElsewhere: labels?.elsewhere }
}

async function oraclesHere({ directory, registry }: StageContext): Promise<string[]> {
  const benchmarks = new Set((await readTrajectories(directory)).map(({ benchmark }) => benchmark))
  const oracles = oraclesOf(registry, benchmarks)
  if (oracles.length > 0) return oracles
  throw new SwirlError(
    `No oracle judge knows ${[...benchmarks].join(" or ")}. Name one, or a file of labels: --calibrate <oracle or file>`,
    { kind: "usage" },
  )
}
