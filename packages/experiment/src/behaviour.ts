/** What changed in how questions are answered, beside whether they are right: paired with the base question by question, as the accuracy is. */
import type { ChangedCell } from "@swirl-ts/core"
import { pairedCells } from "@swirl-ts/stages"
import { type JudgedCell, orReason } from "./measured-row.ts"

type Behaviour = NonNullable<ChangedCell["behaviour"]>

/** By the names that samples have them under here; the gold steps are the benchmark's metric. */
const metrics: Readonly<Record<keyof Behaviour, string>> = {
  goldStepRecall: "gold_step_recall",
  answered: "swirl/answered",
  wellFormed: "swirl/well_formed",
}

/** Undefined where no details are known of one of the two. `seed` is the bootstrap's. */
export function behaviourOf(base: JudgedCell, row: JudgedCell, seed: number): Behaviour | undefined {
  if (!base.forms || !row.forms) return undefined
  const [before, after] = [withForms(base), withForms(row)]
  const changeIn = (metric: string): Behaviour[keyof Behaviour] => {
    const paired = orReason(() => pairedCells({ ...before, metric }, { ...after, metric }, seed).result)
    if (typeof paired === "string") return undefined
    const { value, ci, ciMethod, p, pMethod } = paired.change
    return { value, ci, ciMethod, p, pMethod, questions: paired.questions ?? paired.n }
  }
  return Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, changeIn(metric)]))
}

/** How each sample was answered, as metrics of it. */
function withForms(cell: JudgedCell): JudgedCell {
  const samples = cell.samples.map((sample) => {
    const form = sample.trajectoryId === undefined ? undefined : cell.forms?.get(sample.trajectoryId)
    if (!form) return sample
    const { answered, wellFormed } = form
    const forms = {
      [metrics.answered]: answered,
      ...(wellFormed === undefined ? {} : { [metrics.wellFormed]: wellFormed }),
    }
    return { ...sample, metrics: { ...sample.metrics, ...forms } }
  })
  return { ...cell, samples }
}
