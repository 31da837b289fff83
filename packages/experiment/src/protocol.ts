/** How a policy answered, beside whether it was right: over the trajectories of a cell's questions that did not end in an error. */
import { type CellResult, type EvalSample, needsJudge, TrajectorySchema, tokensOf } from "@swirl-ts/core"
import { mean } from "@swirl-ts/stats"
import { readRecords, runPaths } from "@swirl-ts/store"
import type { ExperimentCell } from "./cells.ts"

/** Of one trajectory. */
interface Form {
  /** 1 or 0. */
  answered: number
  /** Share of its steps; absent where it has none. */
  wellFormed?: number
}

export interface Protocol {
  protocol: NonNullable<CellResult["protocol"]>
  /** By the id of the trajectory. */
  forms: ReadonlyMap<string, Form>
}

/** Undefined where there is no trajectory. `folder`: the run folder. */
export async function protocolOf(
  folder: string,
  policy: string,
  { benchmark, split, temperature }: ExperimentCell,
  taskIds: ReadonlySet<string>,
): Promise<Protocol | undefined> {
  const { trajectories: path } = runPaths(folder).evaluation(policy, benchmark, temperature)
  const forms = new Map<string, Form>()
  const wellFormed: number[] = []
  const firstWellFormed: number[] = []
  const tokens: number[] = []
  for await (const { id, split: of, taskId, status, steps, usage } of readRecords(path, TrajectorySchema)) {
    if (of !== split || !taskIds.has(taskId) || status === "error") continue
    const ofSteps = steps.map((step) => (needsJudge(step) ? 1 : 0))
    const answered = status === "answered" ? 1 : 0
    forms.set(id, { answered, wellFormed: ofSteps.length > 0 ? mean(ofSteps) : undefined })
    wellFormed.push(...ofSteps)
    firstWellFormed.push(...ofSteps.slice(0, 1))
    tokens.push(tokensOf(usage).outputTokens)
  }
  if (forms.size === 0 || wellFormed.length === 0) return undefined
  const protocol = {
    trajectories: forms.size,
    steps: wellFormed.length,
    answered: mean([...forms.values()].map(({ answered }) => answered)),
    wellFormed: mean(wellFormed),
    firstWellFormed: mean(firstWellFormed),
    tokens: mean(tokens),
  }
  return { protocol, forms }
}

/** The names that samples have it under, beside their metrics. */
export const formMetrics = { answered: "swirl/answered", wellFormed: "swirl/well_formed" } as const

/** How each sample was answered, as metrics of it. */
export const withForms = (samples: readonly EvalSample[], forms: Protocol["forms"]): EvalSample[] =>
  samples.map((sample) => {
    const form = forms.get(sample.trajectoryId)
    if (!form) return sample
    const { answered, wellFormed } = form
    const metrics: EvalSample["metrics"] = { ...sample.metrics, [formMetrics.answered]: answered }
    if (wellFormed !== undefined) metrics[formMetrics.wellFormed] = wellFormed
    return { ...sample, metrics }
  })
