/** What changed in how questions are answered, beside whether they are right: paired with the base question by question, as the accuracy is. */
import type { ChangedCell } from "@swirl-ts/core"
import { pairedCells } from "@swirl-ts/stages"
import { type JudgedCell, orReason } from "./measured-row.ts"
import { formMetrics } from "./protocol.ts"

type Behaviour = NonNullable<ChangedCell["behaviour"]>

/** By the names of the samples' metrics; the gold steps are the benchmark's. */
const metrics: Readonly<Record<keyof Behaviour, string>> = { goldStepRecall: "gold_step_recall", ...formMetrics }

/** Undefined where no details are known of one of the two. `seed` is the bootstrap's. */
export function behaviourOf(base: JudgedCell, row: JudgedCell, seed: number): Behaviour | undefined {
  if (!base.protocol || !row.protocol) return undefined
  const changeIn = (metric: string): Behaviour[keyof Behaviour] => {
    const paired = orReason(() => pairedCells({ ...base, metric }, { ...row, metric }, seed).result)
    if (typeof paired === "string") return undefined
    const { value, ci, ciMethod, p, pMethod } = paired.change
    return { value, ci, ciMethod, p, pMethod, questions: paired.questions ?? paired.n }
  }
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, changeIn(metric)]))
}
