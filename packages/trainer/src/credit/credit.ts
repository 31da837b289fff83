/**
 * Credit: which action of a batch should become more likely, and how much. A credit assigner is a pure function of the rows
 * of one batch; it draws nothing, asks nobody and knows no policy.
 */
import type { Row } from "../row.ts"

/** An advantage a row, in their order; undefined leaves the row out of the loss altogether, its KL term too. */
export type CreditAssigner = (rows: readonly Row[]) => (number | undefined)[]

/** What a rewards-only rule says of each group of rows, put back in the order of the rows. */
export function creditByGroup(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  credit: (group: readonly Row[]) => (number | undefined)[],
): (number | undefined)[] {
  const advantages = new Map<Row, number | undefined>()
  for (const group of Map.groupBy(rows, keyOf).values()) {
    credit(group).forEach((advantage, index) => {
      advantages.set(group[index]!, advantage)
    })
  }
  return rows.map((row) => advantages.get(row))
}

/** Of each step its reward and, discounted, those of the steps after it; undefined where one of them is. */
export function rewardsToCome(rewards: readonly (number | undefined)[], discount: number): (number | undefined)[] {
  let next: number | undefined = 0
  return rewards
    .toReversed()
    .map((reward) => {
      next = reward === undefined || next === undefined ? undefined : reward + discount * next
      return next
    })
    .toReversed()
}
