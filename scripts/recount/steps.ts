/** How good the steps of a cell were, beside its score: from the metric of its samples, and from the verdicts beside them. */
import { questionsOf } from "./cells.ts"
import type { Cell } from "./evaluations.ts"
import { meanOf, ratio } from "./exact.ts"
import { isRaw, type Raw } from "./raw.ts"

export type StepMeasures = (cell: Cell) => Raw

/** A document of before one of the two was written, or whose experiment judged no steps, has none of it in any cell. */
export function stepsOf(matrix: Raw): StepMeasures {
  const cells = [matrix.base, ...((matrix.rows ?? []) as Raw[]).map((row) => row.cells)].flatMap((each) =>
    isRaw(each) ? Object.values(each) : [],
  )
  const has = (name: string): boolean => cells.some((cell) => isRaw(cell) && cell[name] !== undefined)
  const [recall, good] = [has("goldStepRecall"), has("goodSteps")]
  return (cell) => ({
    goldStepRecall: recall ? goldStepRecall(cell) : undefined,
    goodSteps: good ? goodSteps(cell, String(matrix.judge)) : undefined,
  })
}

/** Mean over samples that have it, over so many questions. */
function goldStepRecall({ samples }: Cell): Raw | undefined {
  const asked = questionsOf(
    samples.map((sample) => {
      const { gold_step_recall: share } = sample.metrics
      const isScored = sample.status === "scored" || sample.status === "limit"
      return { ...sample, score: isScored && typeof share === "number" ? share : undefined }
    }),
  )
  const shares = asked.flatMap(({ scores }) => scores)
  if (shares.length === 0) return undefined
  return { share: meanOf(shares), n: asked.filter(({ scores }) => scores.length > 0).length }
}

/** Good ones of the steps that the judge gave a verdict on. */
function goodSteps({ samples, verdicts }: Cell, judge: string): Raw | undefined {
  const said = samples
    .flatMap(({ trajectoryId }) => verdicts.get(trajectoryId) ?? [])
    .filter((each) => String(each.judge).split(/[/ ]/).includes(judge) && each.verdict !== "unscored")
  const good = said.filter(({ verdict }) => verdict === "good")
  return said.length > 0 ? { share: ratio(BigInt(good.length), BigInt(said.length)), n: said.length } : undefined
}
