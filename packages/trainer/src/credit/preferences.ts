/**
 * Credit of `step-dpo`: of every two actions of a state of which the judge prefers one, by the gradient of
 * −log σ(β h), h = log π/π_initial of the preferred − the same of the other. It is ±β σ(−β h), shared out over the pairs
 * of the state. A state without such a pair is left out.
 */
import type { Row } from "../row.ts"
import { type CreditAssigner, creditByGroup } from "./credit.ts"

export const preferences =
  (beta: number): CreditAssigner =>
  (rows) =>
    creditByGroup(
      rows,
      ({ stateId }) => stateId,
      (group) => {
        const pairs = preferredPairs(group)
        if (pairs.length === 0) return group.map(() => undefined)
        const advantages = group.map(() => 0)
        for (const { preferred, other } of pairs) {
          const weight = (beta * sigmoid(-beta * margin(group[preferred]!, group[other]!))) / pairs.length
          advantages[preferred]! += weight
          advantages[other]! -= weight
        }
        return advantages
      },
    )

/** Mean loss of the pairs and the share that the policy prefers as the judge does, each state once. */
export function preferenceValues(rows: readonly Row[], beta: number) {
  const states = [...Map.groupBy(rows, ({ stateId }) => stateId).values()].flatMap((group) => {
    const margins = preferredPairs(group).map(({ preferred, other }) => margin(group[preferred]!, group[other]!))
    if (margins.length === 0) return []
    const loss = margins.reduce((sum, h) => sum - Math.log(sigmoid(beta * h)), 0) / margins.length
    return [{ loss, agreed: margins.filter((h) => h > 0).length / margins.length }]
  })
  const mean = (of: (state: (typeof states)[number]) => number): number | null =>
    states.length === 0 ? null : states.reduce((sum, state) => sum + of(state), 0) / states.length
  return { preferenceLoss: mean(({ loss }) => loss), preferenceAgreed: mean(({ agreed }) => agreed) }
}

/** Of every two different actions with scores that differ, as indices. */
function preferredPairs(group: readonly Row[]): { preferred: number; other: number }[] {
  const pairs: { preferred: number; other: number }[] = []
  group.forEach((a, preferred) => {
    group.forEach((b, other) => {
      if (a.score !== undefined && b.score !== undefined && a.score > b.score) pairs.push({ preferred, other })
    })
  })
  return pairs
}

const margin = (preferred: Row, other: Row): number => logRatio(preferred) - logRatio(other)

const logRatio = ({ logProbabilities, initialLogProbabilities = [] }: Row): number =>
  logProbabilities.reduce((sum, value, t) => sum + value - initialLogProbabilities[t]!, 0)

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
