/**
 * Flat rows to actions at equal states, and results back to rows. Invariant: states and actions are ordered by their
 * ids, so the same rows in another order give the same sums.
 */
import { SwirlError, type TrainingRow } from "@swirl-ts/core"
import type { StateActions, WeightedAction } from "@swirl-ts/transformer"

/** Where a row went. */
export interface Place {
  state: number
  action: number
}

export function joinEqualStates(rows: readonly TrainingRow[]): { states: StateActions[]; places: Place[] } {
  rows.forEach(checkRow)
  const order = rows.map((_, index) => index).sort((a, b) => compareRows(rows[a]!, rows[b]!) || a - b)
  const states: { state: readonly number[]; actions: WeightedAction[] }[] = []
  const places: Place[] = new Array(rows.length)
  for (const index of order) {
    const { promptTokenIds, tokenIds, coefficients, count = 1 } = rows[index]!
    const last = states.at(-1)
    const own = last && compareIds(last.state, promptTokenIds) === 0 ? last : { state: promptTokenIds, actions: [] }
    if (own !== last) states.push(own)
    places[index] = { state: states.length - 1, action: own.actions.length }
    own.actions.push({ tokenIds, coefficients, count })
  }
  return { states, places }
}

/** One list a row, in the order of the rows. */
export const inRowOrder = (values: readonly (readonly Float32Array[])[], places: readonly Place[]): number[][] =>
  places.map(({ state, action }) => [...(values[state]?.[action] ?? [])])

function checkRow({ promptTokenIds, tokenIds, coefficients }: TrainingRow, index: number): void {
  if (promptTokenIds.length === 0) {
    throw new SwirlError(`Training row ${index} has an empty state: its first token is predicted from nothing.`)
  }
  if (coefficients.length !== tokenIds.length) {
    throw new SwirlError(
      `Training row ${index} has ${tokenIds.length} action tokens and ${coefficients.length} coefficients.`,
    )
  }
}

const compareRows = (a: TrainingRow, b: TrainingRow): number =>
  compareIds(a.promptTokenIds, b.promptTokenIds) || compareIds(a.tokenIds, b.tokenIds)

function compareIds(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = a[index]! - b[index]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
