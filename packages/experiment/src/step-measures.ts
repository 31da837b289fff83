/** How good the steps of a cell are, beside its score: gold steps that were met, and steps that the judge calls good. */
import { type CellResult, scoreOf, scoresByQuestion } from "@swirl-ts/core"
import { mean } from "@swirl-ts/stats"
import type { JudgedCell } from "./measured-row.ts"

export function stepMeasures({ samples, goodSteps }: JudgedCell): Pick<CellResult, "goldStepRecall" | "goodSteps"> {
  const { scores, asked } = scoresByQuestion(samples, (sample) => scoreOf(sample, "gold_step_recall"))
  return {
    goldStepRecall: scores.length > 0 ? { share: mean(scores), n: new Set(asked).size } : undefined,
    goodSteps,
  }
}
