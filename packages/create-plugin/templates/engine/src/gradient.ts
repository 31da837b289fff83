/**
 * The gradient by hand: of −(1/N) Σ A · log π it is −(A/N) · (one-hot − π), of KL(π ‖ π₀) it is π · (log π − log π₀ − KL).
 * `testEngine` of @swirl-ts/testing holds both to finite differences.
 */
import type { LossOptions, TrainingRow } from "@swirl-ts/core"
import { vocabularySize } from "./letters.ts"
import { logProbabilitiesAfter, scoreRow, type Table } from "./table.ts"

/** Adds to `gradient`; returns what `forwardBackward` does. */
export function addGradient(
  gradient: Table,
  { table, initial }: { table: Table; initial: Table },
  rows: readonly TrainingRow[],
  { normaliser, exactKl }: LossOptions,
): { loss: number; logProbabilities: number[][]; exactKl?: number } {
  let loss = 0
  let divergence = 0
  const logProbabilities = rows.map((row) =>
    scoreRow(table, row).map(({ last, token, all, logProbability }, index) => {
      const coefficient = row.coefficients[index]! / normaliser
      loss -= coefficient * logProbability
      for (let next = 0; next < vocabularySize; next++) {
        gradient[last * vocabularySize + next]! -= coefficient * (Number(next === token) - Math.exp(all[next]!))
      }
      if (exactKl) {
        const count = row.count ?? 1
        const weight = (exactKl.weight * count) / normaliser
        const kl = addDivergence(gradient, last, all, logProbabilitiesAfter(initial, last), weight)
        divergence += count * kl
        loss += weight * kl
      }
      return logProbability
    }),
  )
  return { loss, logProbabilities, exactKl: exactKl && divergence }
}

/** Adds weight · ∇KL; returns the KL. */
function addDivergence(
  gradient: Table,
  last: number,
  all: Float64Array,
  initial: Float64Array,
  weight: number,
): number {
  const kl = all.reduce((sum, value, next) => sum + Math.exp(value) * (value - initial[next]!), 0)
  all.forEach((value, next) => {
    gradient[last * vocabularySize + next]! += weight * Math.exp(value) * (value - initial[next]! - kl)
  })
  return kl
}
