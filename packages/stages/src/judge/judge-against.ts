/**
 * Judging, and how far judges can be trusted: their agreement with who knows (the oracles of the benchmarks, one by name, or
 * a file of labels), and judges side by side on the same trajectories.
 */
import { SwirlError } from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { readTrajectories } from "../trajectories.ts"
import { type BenchmarkCalibration, calibrateJudge, calibrateOnLabels } from "./calibrate.ts"
import { type ComparedJudge, compareJudges, type NamedJudge } from "./compare-judges.ts"
import { type JudgeStageResult, judge } from "./judge.ts"
import { labelsOf } from "./labels.ts"
import { openJudge } from "./open-judge.ts"
import { oraclesOf } from "./oracles.ts"

export interface JudgedAgainst {
  /** One a judge, in the order given. */
  judged: JudgeStageResult[]
  /** Names of oracles, or of the file of labels; empty where nobody knows the benchmarks. */
  against: string
  calibration: BenchmarkCalibration[]
  /** Labels about trajectories that are not in the run folder; absent where there are no labels. */
  labelsElsewhere?: number
  /** Where there is something to compare: several judges, or one with several settings. */
  compared?: ComparedJudge[]
}

/** `against`: an oracle's name, or a file of labels; without it, the oracles of the benchmarks, where there are any. */
export async function judgeAgainst(
  context: StageContext,
  request: { judges: readonly NamedJudge[]; against?: string },
): Promise<JudgedAgainst> {
  const { judges, against } = request
  const isComparison = judges.length > 1 || judges.some(({ judge }) => openJudge(context, judge).compared.length > 0)
  // Found before the judge is paid for: an oracle that is missing and a wrong file would only be seen afterwards.
  const isLabels = against !== undefined && !context.registry.has("oracles", against)
  const labels = isLabels ? await labelsOf(context, against) : undefined
  const oracles = isLabels ? [] : against === undefined ? await oraclesHere(context, isComparison) : [against]
  const judged: JudgeStageResult[] = []
  const calibration: BenchmarkCalibration[] = []
  for (const each of judges) judged.push(await judge(context, each))
  for (const each of judges) {
    if (labels) calibration.push(...(await calibrateOnLabels(context, { ...each, labels })))
    for (const oracle of oracles) calibration.push(...(await calibrateJudge(context, { ...each, oracle })))
  }
  return {
    judged,
    against: against ?? oracles.join(" and "),
    calibration,
    labelsElsewhere: labels?.elsewhere,
    compared: isComparison ? await compareJudges(context, judges) : undefined,
  }
}

/** None only where there is something else to compare. */
async function oraclesHere({ directory, registry }: StageContext, mayBeNone: boolean): Promise<string[]> {
  const benchmarks = new Set((await readTrajectories(directory)).map(({ benchmark }) => benchmark))
  const oracles = oraclesOf(registry, benchmarks)
  if (oracles.length > 0 || mayBeNone) return oracles
  throw new SwirlError(
    `No oracle judge knows ${[...benchmarks].join(" or ")}. Name one, or a file of labels: --calibrate <oracle or file>; or name several judges, which are compared by the official score: --judge grounded,consensus`,
    { kind: "usage" },
  )
}
