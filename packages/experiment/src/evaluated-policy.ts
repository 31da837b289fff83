/**
 * The folder `eval/<policy>` that a row stands for. A training that went on was measured before, as another policy: `run.json`
 * says which one is the checkpoint that it ends with now.
 */
import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { readTrainResult } from "@swirl-ts/stages"
import { evaluatedPolicies, type RunSpec, readRun } from "@swirl-ts/store"
import type { EvaluateJob } from "./plan.ts"

/** Undefined where nothing was evaluated yet; `folder` is the job's. */
export async function evaluatedPolicy(folder: string, job: EvaluateJob): Promise<string | undefined> {
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
  const policies = result ? all.filter(isMeant) : all
  if (policies.length <= 1) return policies[0]
  throw new SwirlError(
    `${join(folder, "eval")} holds ${policies.length} evaluated policies in place of one; use a fresh --run folder.`,
  )
}

/** `checkpoints/40`: a run folder may have been moved. */
const placeOf = (path: string): string =>
  path
    .split(/[\\/:]/)
    .slice(-2)
    .join("/")
