/** How good the steps of a cell were, beside its score: from the metric of its samples, and from the verdicts beside them. */
import { questionsOf } from "./cells.ts"
import type { Cell, Sample } from "./evaluations.ts"
import { meanOf, ratio } from "./exact.ts"
import { isOfJudge } from "./judge-name.ts"
import { field, isRaw, type Raw } from "./raw.ts"

export type StepMeasures = (cell: Cell) => Raw

/** A document of before one of the two was written, or whose experiment judged no steps, has none of it in any cell. */
export function stepsOf(matrix: Raw): StepMeasures {
  const cells = [matrix.base, ...((matrix.rows ?? []) as Raw[]).map((row) => row.cells)].flatMap((each) =>
    isRaw(each) ? Object.values(each) : [],
  )
  const has = (name: string): boolean => cells.some((cell) => isRaw(cell) && cell[name] !== undefined)
  const [recall, good, protocol] = [has("goldStepRecall"), has("goodSteps"), has("protocol")]
  return (cell) => ({
    goldStepRecall: recall ? goldStepRecall(cell) : undefined,
    protocol: protocol ? protocolOf(cell) : undefined,
    goodSteps: good ? goodSteps(cell, String(matrix.judge), judgedOf(cell, matrix.judged)) : undefined,
  })
}

export const stepsIn = (trajectory: Raw): Raw[] => (Array.isArray(trajectory.steps) ? (trajectory.steps as Raw[]) : [])

/** Whether a step can be read and was not cut off. */
export const isRead = ({ kind, finishReason }: Raw): boolean => kind !== "malformed" && finishReason !== "length"

/** Of the questions asked, by their trajectories. */
function protocolOf({ samples, trajectories }: Cell): Raw | undefined {
  const asked = new Set(samples.map(({ taskId }) => taskId))
  const made = trajectories.filter(({ taskId, status }) => asked.has(String(taskId)) && status !== "error")
  const steps = made.flatMap(stepsIn)
  const first = made.flatMap((each) => stepsIn(each).slice(0, 1))
  if (made.length === 0 || steps.length === 0) return undefined
  const share = (some: readonly unknown[], all: readonly unknown[]): number =>
    ratio(BigInt(some.length), BigInt(all.length))
  return {
    trajectories: made.length,
    steps: steps.length,
    answered: share(
      made.filter(({ status }) => status === "answered"),
      made,
    ),
    wellFormed: share(steps.filter(isRead), steps),
    firstWellFormed: share(first.filter(isRead), first),
    tokens: meanOf(made.map((each) => Number(field(each, "usage", "outputTokens")))),
  }
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

/**
 * The samples whose steps count: those of the first questions. A folder that was judged for more before has verdicts on others, too;
 * a document of before the number was written, all.
 */
function judgedOf(cell: Cell, judged: unknown): readonly Sample[] {
  const ids = new Set(cell.samples.map(({ taskId }) => taskId))
  if (typeof judged !== "number" || ids.size <= judged) return cell.samples
  const first = cell.first(judged)
  if (first) return cell.samples.filter(({ taskId }) => first.has(taskId))
  const withVerdicts = new Set(
    cell.samples.filter(({ trajectoryId }) => cell.verdicts.has(trajectoryId)).map(({ taskId }) => taskId),
  )
  if (withVerdicts.size <= judged) return cell.samples
  throw new Error(
    `${withVerdicts.size} questions of ${cell.benchmark}/${cell.split} have verdicts, of which the first ${judged} count: the records do not say which`,
  )
}

/** Good ones of the steps that the judge gave a verdict on. */
function goodSteps({ verdicts }: Cell, judge: string, samples: readonly Sample[]): Raw | undefined {
  const said = samples
    .flatMap(({ trajectoryId }) => verdicts.get(trajectoryId) ?? [])
    .filter((each) => isOfJudge(each.judge, judge) && each.verdict !== "unscored")
  const good = said.filter(({ verdict }) => verdict === "good")
  return said.length > 0 ? { share: ratio(BigInt(good.length), BigInt(said.length)), n: said.length } : undefined
}
