/**
 * The folder `eval/<policy>` that a row stands for: a row is of one policy. A training that went on was measured before, as
 * another policy: `run.json` says which one is the checkpoint that it ends with now.
 */
import { join } from "node:path"
import { type OpenModel, SwirlError } from "@swirl-ts/core"
import { isOfPolicy, readTrainResult } from "@swirl-ts/stages"
import { evaluatedPolicies, type RunSpec, readRun } from "@swirl-ts/store"
import type { EvaluateJob } from "./plan.ts"

/** Undefined where nothing was evaluated yet; `folder` is the job's. */
export async function evaluatedPolicy(folder: string, job: EvaluateJob): Promise<string | undefined> {
  const policies = await rowPolicies(folder, job)
  if (policies.length <= 1) return policies[0]
  throw new SwirlError(
    `${join(folder, "eval")} holds ${policies.length} evaluated policies in place of one; use a fresh --run folder.`,
    { kind: "usage" },
  )
}

/** Throws where a base or reference was measured as another policy: its row would be of two. `opened` is the one that it is now. */
export async function refuseOtherPolicy(folder: string, job: EvaluateJob, opened: OpenModel): Promise<void> {
  if (job.model === undefined) return
  const { model } = job
  const before = await evaluatedPolicy(folder, job)
  const spec = ((await readRun(folder))?.spec ?? {}) as RunSpec
  const measured = Object.entries(spec).flatMap(([stage, settings]) =>
    stage.startsWith(`eval/${before}/`) ? [settings] : [],
  )
  if (measured.length === 0 || measured.some((settings) => isOfPolicy(settings, { model, opened }))) return
  throw new SwirlError(
    `${folder} holds the evaluation of ${measured[0]!.model}, and the row "${job.row}" is of ${model} now, another policy. Put it back as it was, or give it a row or a --run folder of its own.`,
    { kind: "usage" },
  )
}

/** Of a training those that are the checkpoint that it ends with; of all others, what stands there. */
export async function rowPolicies(folder: string, job: EvaluateJob): Promise<string[]> {
  const all = await evaluatedPolicies(folder)
  const result = job.model === undefined ? await readTrainResult(folder, job.row) : undefined
  const spec = result && ((await readRun(folder))?.spec as RunSpec | undefined)
  const models = (policy: string): string[] =>
    Object.entries(spec ?? {}).flatMap(([stage, { model }]) =>
      stage.startsWith(`eval/${policy}/`) && typeof model === "string" ? [model] : [],
    )
  const isMeant = (policy: string): boolean => {
    const known = models(policy)
    return known.length === 0 || known.some((model) => placeOf(model) === placeOf(result!.checkpoint))
  }
  return result ? all.filter(isMeant) : all
}

/** `checkpoints/40`: a run folder may have been moved. */
const placeOf = (path: string): string =>
  path
    .split(/[\\/:]/)
    .slice(-2)
    .join("/")
