/** Where no experiment pairs them: the policies of each cell side by side, over the questions that both have a score for. */
import { holm, mean, pairedComparison } from "@swirl-ts/stats"
import type { SampleGroup, ViewerComparison } from "./summary-page.ts"

/** Group -> question -> its scores. */
export type ScoresByGroup = ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>

/** Policies of a cell of which each is compared with each; of more, each is compared with the first. */
const fewPolicies = 6

/** Checkpoints are compared with what was there before them. */
const isTrained = ({ model = "" }: SampleGroup): boolean => /[\\/]checkpoints[\\/]\d+$/.test(model)

/** Draws as `swirl compare` does, so that both say the same numbers. `taskOf`: the task's id of a question. */
export function comparedGroups(
  groups: readonly SampleGroup[],
  scores: ScoresByGroup,
  { seed = 7, taskOf }: { seed?: number; taskOf(question: number): string },
): ViewerComparison[] {
  const evaluated = groups.flatMap((group, number) => (group.stage === "evaluate" ? [{ ...group, number }] : []))
  const found: ViewerComparison[] = []
  for (const inCell of Map.groupBy(evaluated, ({ cell }) => cell).values()) {
    const ofCell = inCell.toSorted((a, b) => Number(isTrained(a)) - Number(isTrained(b)))
    const bases = ofCell.length <= fewPolicies ? ofCell : ofCell.slice(0, 1)
    for (const [place, against] of bases.entries()) {
      for (const of of ofCell.slice(place + 1)) {
        const before = scores.get(against.number)
        const after = scores.get(of.number)
        const shared = [...(before?.keys() ?? [])]
          .filter((question) => after?.has(question))
          .sort((a, b) => (`${taskOf(a)}#` < `${taskOf(b)}#` ? -1 : 1))
        if (shared.length === 0) continue
        const pair = pairedComparison(
          shared.map((question) => mean(before!.get(question)!)),
          shared.map((question) => mean(after!.get(question)!)),
          { seed },
        )
        const { value, ci, ciMethod, p, pMethod } = pair.change
        found.push({
          of: of.number,
          against: against.number,
          accuracy: pair.accuracyB,
          baseAccuracy: pair.accuracyA,
          questions: shared.length,
          change: { value, ci: [...ci], ciMethod, p, pMethod },
        })
      }
    }
  }
  const corrected = holm(found.map(({ change }) => change.p))
  return found.map((each, index) => ({ ...each, change: { ...each.change, pHolm: corrected[index]! } }))
}
