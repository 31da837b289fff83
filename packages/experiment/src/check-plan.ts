/**
 * The plan against what its folders hold, before the first job: what is refused has written nothing. A folder that nothing ran
 * in has nothing to say, so a first run opens no model here; nor has one of a row that is not asked for.
 */
import { join } from "node:path"
import type { OpenModel } from "@swirl-ts/core"
import { checkEvaluations, checkGeneration, checkTraining, openPolicy, type StageContext } from "@swirl-ts/stages"
import { type RunSpec, readRun } from "@swirl-ts/store"
import { refuseOtherPolicy, rowPolicies } from "./evaluated-policy.ts"
import { baseRow, type Experiment } from "./experiment.ts"
import type { EvaluateJob } from "./plan.ts"
import { plannedJobs } from "./planned-jobs.ts"
import { evaluationsOf, generationOf, trainingOf, withPrecision } from "./run-job.ts"

/** `only`: these rows, and what they need. */
export async function checkPlan(outer: StageContext, experiment: Experiment, only?: readonly string[]): Promise<void> {
  const context = withPrecision(outer, experiment)
  let opened: OpenModel | undefined
  try {
    for (const job of await plannedJobs(context.directory, experiment, only)) {
      const here: StageContext = { ...context, directory: join(context.directory, job.folder), seed: job.seed }
      const spec = (await readRun(here.directory))?.spec as RunSpec | undefined
      if (!spec) continue
      if (job.kind === "train") await checkTraining(here, trainingOf(context, experiment, job))
      if (job.kind !== "generate" && job.kind !== "evaluate") continue
      opened ??= await openPolicy(context, experiment.policy)
      if (job.kind === "generate") await checkGeneration(here, generationOf(context, experiment, job), opened)
      else {
        if (job.row === baseRow) await refuseOtherPolicy(here.directory, job, opened)
        for (const evaluated of await rowPolicies(here.directory, job)) {
          const [, before] = Object.entries(spec).find(([stage]) => stage.startsWith(`eval/${evaluated}/`)) ?? []
          if (typeof before?.model !== "string") continue
          if (job.row !== baseRow && job.model !== before.model) await checkReference(context, here, job)
          // The policy is the one that stands there, wherever it lay then: its weights are not read for this.
          const policy = { ...opened, identity: String(before.identity), identityIsDigest: true }
          await checkEvaluations(here, evaluationsOf(context, experiment, job, before.model), policy)
        }
      }
    }
  } finally {
    await opened?.close?.()
  }
}

/** Under its name another model string stands than before. */
async function checkReference(context: StageContext, { directory }: StageContext, job: EvaluateJob): Promise<void> {
  if (job.model === undefined) return
  const opened = await openPolicy(context, job.model)
  try {
    await refuseOtherPolicy(directory, job, opened)
  } finally {
    await opened.close?.()
  }
}
