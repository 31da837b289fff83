/** What changed in how questions were answered: from the trajectories, and from the metric of the samples. */
import { changeOver, pairUp } from "./cells.ts"
import type { Cell, Sample } from "./evaluations.ts"
import { ratio } from "./exact.ts"
import type { Raw } from "./raw.ts"
import { isRead, stepsIn } from "./steps.ts"

export function behaviourOver(base: Cell, row: Cell, seed: number): Raw {
  const changeIn = (of: (sample: Sample, trajectory: Raw | undefined) => number | undefined): Raw | undefined => {
    const [before, after] = [base, row].map((cell) => measuredBy(cell, of)) as [Cell, Cell]
    const { pairs } = pairUp(before, after)
    if (pairs.length === 0) return undefined
    const { baseAccuracy: _, ...change } = changeOver(pairs, seed)
    return { ...change, questions: pairs.length }
  }
  return {
    goldStepRecall: changeIn(({ metrics: { gold_step_recall: share } }) =>
      typeof share === "number" ? share : undefined,
    ),
    answered: changeIn((_, made) => made && (made.status === "answered" ? 1 : 0)),
    wellFormed: changeIn((_, made) => {
      const steps = made ? stepsIn(made) : []
      return steps.length > 0 ? ratio(BigInt(steps.filter(isRead).length), BigInt(steps.length)) : undefined
    }),
  }
}

/** The cell with another score; one without a score that counts has none of these either. */
function measuredBy(cell: Cell, of: (sample: Sample, trajectory: Raw | undefined) => number | undefined): Cell {
  const made = new Map(cell.trajectories.filter(({ status }) => status !== "error").map((each) => [each.id, each]))
  const isScored = ({ status }: Sample): boolean => status === "scored" || status === "limit"
  const samples = cell.samples.map((sample) => ({
    ...sample,
    score: isScored(sample) ? of(sample, made.get(sample.trajectoryId)) : undefined,
  }))
  return { ...cell, samples }
}
