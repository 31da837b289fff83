/** What comparisons of policies say, in words and from their numbers alone, where no experiment was planned. */
import { counted } from "@swirl-ts/kit"
import { interval, points } from "../format.ts"
import { direction } from "../matrix-facts.ts"
import type { SampleGroup, ViewerCell, ViewerComparison } from "./summary-page.ts"

/** As `headline` has it: the finding, then a detail a comparison. None where nothing was compared. */
export function comparisonsInWords(
  comparisons: readonly ViewerComparison[],
  groups: readonly Pick<SampleGroup, "label" | "cell">[],
  cells: readonly Pick<ViewerCell, "name">[],
): string[] {
  if (comparisons.length === 0) return []
  const isClear = ({ change }: ViewerComparison): boolean => ["up", "down"].includes(direction(change))
  const clear = comparisons.filter(isClear)
  return [
    `${counted(comparisons.length, "comparison")} of policies on the same questions: ${clear.length} clear after Holm's correction.`,
    ...comparisons.map((each) => {
      const { of, against, change, questions } = each
      const cell = cells[groups[of]!.cell]!.name
      const words = isClear(each) ? "" : ", not clear"
      return `  ${cell}: ${groups[of]!.label} against ${groups[against]!.label} ${points(change.value)} points (95 % interval ${interval(change.ci, points)}${words}) over ${counted(questions, "question")}.`
    }),
  ]
}
