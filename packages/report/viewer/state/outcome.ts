/** What became of a sample, as one word: what is filtered, counted and marked by. */
import { scoreStatuses, trajectoryStatuses } from "../../src/viewer/samples-page.ts"
import type { SampleColumns } from "./columns.ts"

export const outcomes = ["right", "partly", "wrong", "no score", "error"] as const
export type Outcome = (typeof outcomes)[number]

/** A mark for each, so that nothing depends on colour. */
export const outcomeMarks: Readonly<Record<Outcome, string>> = {
  right: "✓",
  partly: "◐",
  wrong: "✗",
  "no score": "–",
  error: "!",
}

const [failedScore, failedTrajectory] = [scoreStatuses.indexOf("error"), trajectoryStatuses.indexOf("error")]

export function outcomeOf({ score, status, scoreStatus }: SampleColumns, sample: number): Outcome {
  const value = score[sample]!
  if (value >= 1) return "right"
  if (value > 0) return "partly"
  if (value <= 0) return "wrong"
  return scoreStatus[sample] === failedScore || status[sample] === failedTrajectory ? "error" : "no score"
}
