/**
 * A value a step against the same of the question's OTHER episodes. Turn k of one episode is at another state than turn k of
 * the next, and need not exist. So the baseline of a step is made of other episodes alone: of their values at the same turn,
 * where one of them has it, else of all their turns. It does not depend on the step's own action, whatever state that was
 * taken in, and the gradient is unbiased.
 * Dividing by the standard deviation of a turn (the step's own value is in it), or shrinking by a mean that holds the step
 * itself, weighs turns by how many episodes reached them: biased, as in the papers; an option.
 */
import { mean, type Normalisation, standardDeviation } from "../advantages.ts"
import type { Row } from "../row.ts"
import { creditByGroup } from "./credit.ts"

/** A step's value; undefined where it is not known: the step is left out, and no baseline of others. */
export type StepValue = (row: Row) => number | undefined

export const turnAdvantages = (
  rows: readonly Row[],
  valueAt: StepValue,
  normalise: Normalisation,
): (number | undefined)[] =>
  creditByGroup(
    rows,
    ({ questionId }) => questionId,
    (group) => {
      const values = new Map(group.map((row) => [row, valueAt(row)]))
      const known = group.filter((row) => values.get(row) !== undefined)
      const valuesOf = (some: readonly Row[]): number[] => some.map((row) => values.get(row)!)
      return group.map((row) => {
        const value = values.get(row)
        if (value === undefined) return undefined
        const others = known.filter(({ episodeId }) => episodeId !== row.episodeId)
        if (others.length === 0) return 0
        const sameTurn = others.filter(({ step }) => step === row.step)
        const advantage = value - mean(valuesOf(sameTurn.length > 0 ? sameTurn : others))
        if (normalise === "none") return advantage
        return advantage / (standardDeviation(valuesOf(known.filter(({ step }) => step === row.step))) + 1e-4)
      })
    },
  )
