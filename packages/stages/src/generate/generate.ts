/** Generation: trajectories of a policy on training tasks, appended to the run folder; run again to continue. */
import {
  checkSplit,
  type Limits,
  type OpenModel,
  type Prompting,
  type Temperature,
  type ToolServices,
  type ToolSummary,
  toolServices,
  toolTally,
} from "@swirl-ts/core"
import { openRolloutFiles, rollout } from "@swirl-ts/runner"
import { openRun, type Run, runPaths } from "@swirl-ts/store"
import { openPolicy, type StageContext } from "../context.ts"
import { countedRequests } from "../counted-requests.ts"
import { askedAgain } from "../finished-command.ts"
import { planRollout, type RolloutPlan } from "../provenance/plan-rollout.ts"
import { generatedName, hasMade } from "../provenance/policy-name.ts"
import { rolloutProgress, type TaskSelection } from "../rollouts.ts"
import { generateStage } from "../tasks.ts"

export interface GenerateRequest extends TaskSelection {
  benchmarks: readonly string[]
  model: string
  samples: number
  temperature: Temperature
  actionFormat: string
  /** In place of the benchmark's own way of asking. */
  prompting?: Prompting
  /** In place of the benchmark's own. */
  limits?: Partial<Limits>
}

export interface GenerateResult extends ToolSummary {
  trajectories: number
  /** There already when this run began. */
  reused: number
  answered: number
  stepLimit: number
  tokenLimit: number
  errors: number
  steps: number
  malformed: number
  /** Turns of the model that were answered before, from the cache or a recording: nothing was spent on them. */
  cached?: number
  seconds: number
}

/** Rolls out what is not there yet. Throws a usage error for an unknown name or split, and where the folder holds a generation with other settings. */
export async function generate(context: StageContext, request: GenerateRequest): Promise<GenerateResult> {
  const started = performance.now()
  for (const name of request.benchmarks) checkSplit(context.registry.resolve("benchmarks", name), request.split)
  const opened = await openPolicy(context, request.model)
  const finished = await askedAgain<GenerateResult>(context, {
    command: "generate",
    request,
    identity: opened.identity,
    splits: request.benchmarks.map((benchmark) => ({
      benchmark,
      split: request.split,
      shots: request.prompting?.shots,
    })),
  })
  const said = await finished?.said()
  if (said) {
    await opened.close?.()
    const { trajectories } = said
    for (const benchmark of request.benchmarks)
      context.onProgress?.({
        stage: `generate ${benchmark}`,
        done: trajectories,
        total: trajectories,
        detail: "all were there already",
      })
    return { ...said, reused: trajectories, cached: undefined, seconds: (performance.now() - started) / 1000 }
  }
  const services = toolServices(context.registry, context.host)
  const close = async (): Promise<void> => {
    await services.close()
    await opened.close?.()
  }
  let run: Run
  const plans: RolloutPlan[] = []
  try {
    for (const benchmark of request.benchmarks)
      plans.push(await planGeneration(context, request, { benchmark, opened, services }))
    run = await openRun(context.directory)
  } catch (error) {
    await close()
    throw error
  }
  const result = {
    trajectories: 0,
    reused: 0,
    answered: 0,
    stepLimit: 0,
    tokenLimit: 0,
    errors: 0,
    steps: 0,
    malformed: 0,
  }
  const tally = toolTally()
  let turnsOfBefore = 0
  const files = await openRolloutFiles(run.paths, opened.model.conversation ? "block" : "each")
  try {
    for (const [index, { stage, settings, tasks, spec, facts, notice }] of plans.entries()) {
      if (notice) context.host.log(notice)
      await run.register(spec, facts)
      const made = () =>
        rollout({
          ...settings,
          total: tasks.length * request.samples,
          tasks: handedOver(tasks),
          samples: request.samples,
          trajectories: files.trajectories,
          responses: files.responses,
          onTrajectory: (trajectory, _task, resumed) => {
            result.trajectories++
            if (resumed) result.reused++
            tally.add(trajectory)
            result.steps += trajectory.steps.length
            result.malformed += trajectory.steps.filter((step) => step.kind === "malformed").length
            const field = (
              { answered: "answered", "step-limit": "stepLimit", "token-limit": "tokenLimit", error: "errors" } as const
            )[trajectory.status]
            result[field]++
          },
          onProgress: rolloutProgress(context, `generate ${request.benchmarks[index]}`, opened),
        })
      const { aborted, cached } = await countedRequests({ run, stage, endpoints: opened.endpoints }, made)
      turnsOfBefore += cached
      if (aborted) context.abortSignal?.throwIfAborted()
    }
    await files.close()
    const all = {
      ...result,
      ...tally.summary(),
      cached: turnsOfBefore || undefined,
      seconds: (performance.now() - started) / 1000,
    }
    if (result.errors === 0) await finished?.note(all, ["trajectories.jsonl"])
    return all
  } finally {
    await files.close()
    await close()
    await run.close()
  }
}

/** Empties the list: a task is held until its trajectories are made, not until those of all are. */
function* handedOver<T>(tasks: T[]): Generator<T> {
  tasks.reverse()
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) yield task
}

/** Throws what `generate` would for what the folder holds, and has written nothing. */
export async function checkGeneration(
  context: StageContext,
  request: GenerateRequest,
  opened: OpenModel,
): Promise<void> {
  const services = toolServices(context.registry, context.host)
  try {
    for (const benchmark of request.benchmarks) await planGeneration(context, request, { benchmark, opened, services })
  } finally {
    await services.close()
  }
}

/** Throws, and has written nothing, where the folder's trajectories are of other settings, data, prompts or tools. */
function planGeneration(
  context: StageContext,
  request: GenerateRequest,
  { benchmark, opened, services }: { benchmark: string; opened: OpenModel; services: ToolServices },
): Promise<RolloutPlan> {
  const { model, samples, limits } = request
  const paths = runPaths(context.directory)
  const planned = { ...request, benchmark, services, amount: { samples } }
  return planRollout(context, planned, opened, async (record, { fullName, split, value }) => {
    const stage = generateStage(fullName, split)
    const { trajectories } = paths
    const of = { benchmark: fullName, split }
    return {
      stage,
      trajectories,
      policy: await generatedName(record, { model, opened }, { stage, trajectories, of }),
      digests: { limits: JSON.stringify({ ...value.limits, ...limits }) },
      hasRecords: () => hasMade(trajectories, of),
    }
  })
}
