/**
 * Flat rows to groups of actions at equal states, and results back to rows. Invariant: groups and actions are ordered by
 * their ids, so the same rows in another order give the same sums.
 */
import { SwirlError, type TrainingRow } from "@swirl-ts/core"
import type { PackedGroup } from "@swirl-ts/transformer"

/** Where a row went. */
export interface Place {
  group: number
  action: number
}

export function groupRows(rows: readonly TrainingRow[]): { groups: PackedGroup[]; places: Place[] } {
  rows.forEach(checkRow)
  const order = rows.map((_, index) => index).sort((a, b) => compareRows(rows[a]!, rows[b]!) || a - b)
  const groups: { state: readonly number[]; actions: PackedGroup["actions"][number][] }[] = []
  const places: Place[] = new Array(rows.length)
  for (const index of order) {
    const { promptTokenIds, tokenIds, coefficients, count = 1 } = rows[index]!
    const last = groups.at(-1)
    const group = last && compareIds(last.state, promptTokenIds) === 0 ? last : { state: promptTokenIds, actions: [] }
    if (group !== last) groups.push(group)
    places[index] = { group: groups.length - 1, action: group.actions.length }
    group.actions.push({ tokenIds, coefficients, count })
  }
  return { groups, places }
}

/** One list a row, in the order of the rows. */
export const ungroup = (values: readonly (readonly Float32Array[])[], places: readonly Place[]): number[][] =>
  places.map(({ group, action }) => [...(values[group]?.[action] ?? [])])

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
