/** How good the steps of a cell are, beside its score: gold steps that were met, steps that the judge calls good, and how the policy answered. */
import { type CellResult, scoreOf, scoresByQuestion } from "@swirl-ts/core"
import { mean } from "@swirl-ts/stats"
import type { JudgedCell } from "./measured-row.ts"

export function stepMeasures({
  samples,
  goodSteps,
  protocol,
}: JudgedCell): Pick<CellResult, "goldStepRecall" | "goodSteps" | "protocol"> {
  const { scores, asked } = scoresByQuestion(samples, (sample) => scoreOf(sample, "gold_step_recall"))
  return {
    goldStepRecall: scores.length > 0 ? { share: mean(scores), n: new Set(asked).size } : undefined,
    goodSteps,
    protocol,
  }
}
