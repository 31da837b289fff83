/** What one evaluation of an experiment measured, cell by cell; where there is nothing to count, why. */
import { join } from "node:path"
import { type CellResult, cellName, isSwirlError } from "@swirl-ts/core"
import { type EvaluatedCell, readEvaluation, type StageContext } from "@swirl-ts/stages"
import type { Asked } from "./asked-ids.ts"
import { cellsOf, type ExperimentCell } from "./cells.ts"
import { evaluatedPolicy } from "./evaluated-policy.ts"
import type { JudgedSteps } from "./judged-steps.ts"
import type { EvaluateJob } from "./plan.ts"
import { type Protocol, protocolOf, withForms } from "./protocol.ts"
import type { FailedJob } from "./run-jobs.ts"

/** How far an experiment has come. Without it, everything is done. */
export interface ExperimentState {
  failed: FailedJob[]
  /** Ids of jobs. */
  unfinished: string[]
  /** Ids of jobs that are not run now; whether they ended before, their records say. */
  notRun?: string[]
}

export interface JudgedCell extends EvaluatedCell {
  /** Absent where no step was judged. */
  goodSteps?: CellResult["goodSteps"]
  /** Where details are asked for: then samples have their form among their metrics, too. */
  protocol?: Protocol["protocol"]
}

/** By the name of the cell in the experiment; a text is the reason why there is none. */
export type MeasuredRow = ReadonlyMap<string, JudgedCell | string>

/** Of a job that has not ended well only cells with all their questions count: fewer would be another number. */
export async function measuredRow(
  { directory, registry }: StageContext,
  asked: Asked,
  job: EvaluateJob,
  { failed, unfinished, notRun = [] }: ExperimentState,
  { judged, details = false }: { judged?: JudgedSteps; details?: boolean } = {},
): Promise<MeasuredRow> {
  const folder = join(directory, job.folder)
  const root = join(folder, "eval")
  const { found, goodSteps, protocol } = await evaluatedPolicy(folder, job)
    .then(async (policy) => ({
      protocol:
        details && policy !== undefined
          ? await protocols(folder, policy, cellsOf(job, [...asked.keys()]), asked)
          : undefined,
      found: policy === undefined ? nothing : await readEvaluation(registry, join(root, policy)),
      goodSteps: policy === undefined ? undefined : await judged?.in(join(root, policy), job.seed),
    }))
    .catch((error: unknown) => ({ found: reasonOf(error), goodSteps: undefined, protocol: undefined }))
  const failure = failed.find((each) => each.job === job.id)?.reason
  const isUnfinished = unfinished.includes(job.id)
  const isNotRun = notRun.includes(job.id)
  return new Map(
    cellsOf(job, [...asked.keys()]).map((cell): [string, JudgedCell | string] => {
      const ids = asked.get(cell)!
      const measured = typeof found === "string" ? undefined : found.get(cellName(cell))
      const samples = measured?.samples.filter(({ taskId }) => ids.has(taskId)) ?? []
      const { size } = new Set(samples.map(({ taskId }) => taskId))
      const isPart = size < ids.size
      const so = size > 0 ? `; ${size} of ${ids.size} questions are answered` : ""
      if (failure !== undefined && isPart) return [cell.name, `${failure}${so}`]
      if (isNotRun && isPart) return [cell.name, size > 0 ? `not finished${so}` : "not run yet"]
      if (isUnfinished && isPart) return [cell.name, `not finished${so}`]
      if (typeof found === "string") return [cell.name, found]
      if (!measured) return [cell.name, `${root} has no samples of ${cell.name}.`]
      const details = protocol?.get(cell)
      return [
        cell.name,
        {
          ...measured,
          samples: details ? withForms(samples, details.forms) : samples,
          goodSteps: goodSteps?.(cell, samples),
          protocol: details?.protocol,
        },
      ]
    }),
  )
}

async function protocols(folder: string, policy: string, cells: readonly ExperimentCell[], asked: Asked) {
  const found = new Map<ExperimentCell, Protocol | undefined>()
  for (const cell of cells) found.set(cell, await protocolOf(folder, policy, cell, asked.get(cell)!))
  return found
}

/** A result, or the sentence that says why there is none. */
export function orReason<T>(result: () => T): T | string {
  try {
    return result()
  } catch (error) {
    return reasonOf(error)
  }
}

/** Of what is no sentence for people nobody makes a result. */
function reasonOf(error: unknown): string {
  if (isSwirlError(error)) return error.message
  throw error
}

const nothing: ReadonlyMap<string, EvaluatedCell> = new Map()
