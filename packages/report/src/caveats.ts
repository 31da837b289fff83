/** What numbers do not say, as it follows from the data. */
import type { ReportCalibration, ReportMatrix } from "./data.ts"
import { isGamed, seedsPerTraining } from "./matrix-facts.ts"

/** Said whether or not anyone thought of it. */
export function ownCaveats({
  matrix,
  counts,
  calibration,
}: {
  matrix?: ReportMatrix
  counts: Readonly<Record<string, number>>
  calibration: readonly ReportCalibration[]
}): string[] {
  const found: string[] = []
  const trained = matrix?.rows.filter((row) => row.kind === "training") ?? []
  if (seedsPerTraining(trained).most === 1) {
    found.push(
      "One training seed: the intervals are over questions. Another training seed, or another base, can move these numbers by more than they say.",
    )
  }
  if (trained.some((row) => row.oracle)) {
    found.push("Rows with an oracle judge know each task's plan: they are an upper bound, not a method.")
  }
  if (trained.some(isGamed)) {
    found.push(
      "Some trainings gamed their judge: their judged reward is not evidence of anything but the judge's errors.",
    )
  }
  const unscored = (counts.verdictsUnscored ?? 0) / Math.max(1, (counts.verdictsGood ?? 0) + (counts.verdictsBad ?? 0))
  if (unscored > 0.02)
    found.push("More than 2 % of the verdicts are missing (unscored); they are left out, never counted as bad.")
  if (trained.length > 0 && calibration.length === 0) {
    found.push("The judge was not calibrated against an oracle in this run: its error rates are unknown.")
  }
  return found
}
