/** Evaluation: roll out a policy on one split, score it, and keep exactly one final record a sample. */
import {
  type Cell,
  cellName,
  type EvalSample,
  EvalSampleSchema,
  makerHash,
  type OpenModel,
  type ToolServices,
  toolServices,
  toolTally,
} from "@swirl-ts/core"
import { HttpError } from "@swirl-ts/kit"
import { evaluate, openEvaluationFiles } from "@swirl-ts/runner"
import { checkRun, evaluationStage, hasRecord, openRun, type Run, type RunPaths, runPaths } from "@swirl-ts/store"
import { openPolicy, type StageContext } from "../context.ts"
import { countedRequests } from "../counted-requests.ts"
import { judgeStage } from "../judge/open-judge.ts"
import { type FinalAnswer, finalAnswer, judgedAccuracy, judgeOutcomes } from "../judge/outcomes.ts"
import { type CellLeaks, leakCounts } from "../leaks/cell-leaks.ts"
import { planRollout, type RolloutPlan } from "../provenance/plan-rollout.ts"
import { evaluatedName, hasMade } from "../provenance/policy-name.ts"
import { rolloutProgress } from "../rollouts.ts"
import type { CellEvaluation, EvaluateRequest } from "./cell-evaluation.ts"
import { cellResult, reasonsOf, withoutAnswer } from "./cell-result.ts"
import { recordCoverage } from "./coverage-record.ts"
import { evaluationFacts } from "./evaluation-facts.ts"
import { evaluationLeaks } from "./evaluation-leaks.ts"

/** `policy` may be an opened model, so that several calls share one; without one all requests are of one model. */
export async function evaluateCells(
  context: StageContext,
  requests: readonly EvaluateRequest[],
  { policy, onCell }: { policy?: OpenModel; onCell?(cell: CellEvaluation, samples: readonly EvalSample[]): void } = {},
): Promise<CellEvaluation[]> {
  const cells: CellEvaluation[] = []
  const [first] = requests
  if (!first) return cells
  const opened = policy ?? (await openPolicy(context, first.model))
  const services = toolServices(context.registry, context.host)
  let run: Run | undefined
  try {
    // What is missing, broken or refused is found before a folder is made or a policy paid for.
    const plans: EvaluationPlan[] = []
    for (const request of requests) plans.push(await planEvaluation(context, request, opened, services))
    const leaks = await evaluationLeaks(context, plans)
    run = await openRun(context.directory)
    for (const plan of plans) {
      const again = (request: EvaluateRequest) => planEvaluation(context, request, opened, services)
      const { cell, samples } = await evaluateAsTaken(context, plan, { run, leaks: leaks.get(plan), again })
      cells.push(cell)
      onCell?.(cell, samples)
    }
    return cells
  } finally {
    await services.close()
    if (!policy) await opened.close?.()
    await run?.close()
  }
}

/** Throws what `evaluateCells` would for what the folder holds, and has written nothing. */
export async function checkEvaluations(
  context: StageContext,
  requests: readonly EvaluateRequest[],
  opened: OpenModel,
): Promise<void> {
  const services = toolServices(context.registry, context.host)
  try {
    for (const request of requests) await planEvaluation(context, request, opened, services)
  } finally {
    await services.close()
  }
}

/** One cell by itself. */
export const evaluateCell = async (context: StageContext, request: EvaluateRequest, policy?: OpenModel) =>
  (await evaluateCells(context, [request], { policy }))[0]!

/** A model that takes no temperature but its own is asked for none, where nobody has said which. */
async function evaluateAsTaken(
  context: StageContext,
  plan: EvaluationPlan,
  { again, ...into }: Into & { again(request: EvaluateRequest): Promise<EvaluationPlan> },
): Promise<EvaluatedNow> {
  try {
    return await evaluatePlan(context, plan, into)
  } catch (error) {
    const { temperature, benchmark, split, model } = plan.request
    if (temperature !== undefined || !isTemperatureRefused(error)) throw error
    context.host.log(
      `${model} takes no temperature but its own: ${benchmark}/${split} is evaluated as with --temperature none, which is no greedy decoding.`,
    )
    return evaluatePlan(context, await again({ ...plan.request, temperature: "none" }), into)
  }
}

const isTemperatureRefused = (error: unknown): boolean =>
  error instanceof HttpError && error.kind === "usage" && error.parameter === "temperature"

/** Where an evaluation is written, and what is said beside it. */
interface Into {
  run: Run
  leaks: CellLeaks | undefined
}

interface EvaluatedNow {
  cell: CellEvaluation
  samples: readonly EvalSample[]
}

interface EvaluationPlan extends RolloutPlan {
  request: EvaluateRequest
  paths: ReturnType<RunPaths["evaluation"]>
}

/** Throws, and has written nothing, where the cell's records are of other settings, data, prompts or tools. */
async function planEvaluation(
  context: StageContext,
  request: EvaluateRequest,
  opened: OpenModel,
  services: ToolServices,
): Promise<EvaluationPlan> {
  const { model, temperature = 0, epochs, outcomes } = request
  const { directory, registry } = context
  const { fullName } = registry.resolve("benchmarks", request.benchmark)
  if (outcomes) {
    const identities = { [fullName]: await outcomes.identity(fullName) }
    await checkRun(directory, judgeStage("outcomes", outcomes, identities))
  }
  let paths: EvaluationPlan["paths"]
  const planned = { ...request, temperature, services, amount: { epochs } }
  const plan = await planRollout(context, planned, opened, (record, { split }) => {
    const cell = { benchmark: fullName, split, temperature }
    const policy = evaluatedName(record, { model, opened }, (name) => evaluationStage(name, cell))
    paths = runPaths(directory).evaluation(policy, fullName, temperature)
    const { samples, trajectories } = paths
    return {
      stage: evaluationStage(policy, cell),
      policy,
      trajectories,
      hasRecords: async () =>
        (await hasMade(trajectories, { benchmark: fullName, split })) ||
        (await hasRecord(samples, EvalSampleSchema, (sample) => sample.status !== "error" && isOf(cell)(sample))),
    }
  })
  return { ...plan, request, paths: paths! }
}

async function evaluatePlan(
  context: StageContext,
  { request, stage, opened, settings, tasks, spec, facts, provenance, paths, notice }: EvaluationPlan,
  { run, leaks }: Into,
): Promise<EvaluatedNow> {
  const { outcomes } = request
  const { fullName, value, split } = settings.benchmark
  if (notice) context.host.log(notice)
  await run.register(spec, facts)
  const { responses, attempts } = run.paths
  const files = await openEvaluationFiles(
    { ...paths, responses, attempts },
    settings.model.conversation ? "block" : "each",
    { guarded: leaks !== undefined },
  )
  const answers: FinalAnswer[] = []
  const tally = toolTally()
  try {
    const made = () =>
      evaluate({
        ...settings,
        tasks,
        samples: request.epochs,
        samplesFile: files.samplesFile,
        trajectories: files.trajectories,
        responses: files.responses,
        maker: facts.maker && makerHash(facts.maker),
        leakOf: ({ id }) => leaks?.byTask.get(id),
        leakGuard: leaks ? undefined : "off",
        unguarded: files.unguarded,
        onSample: ({ status }, trajectory, task) => {
          tally.add(trajectory)
          if (outcomes && status !== "error") answers.push(finalAnswer(trajectory, task))
        },
        onProgress: rolloutProgress(context, `eval ${request.benchmark}/${split}`, opened),
      })
    const evaluation = await countedRequests({ run, stage, endpoints: opened.endpoints }, made)
    if (evaluation.aborted) context.abortSignal?.throwIfAborted()
    const { records } = evaluation
    const taskOf = new Map(records.map(({ trajectoryId, taskId }) => [trajectoryId, taskId]))
    const count = (status: EvalSample["status"]): number => records.filter((record) => record.status === status).length
    const judged = outcomes
      ? judgedAccuracy(
          await outcomes.identity(fullName),
          await judgeOutcomes(context, run, outcomes, answers),
          (id) => taskOf.get(id) ?? id,
          context.directory,
        )
      : undefined
    const coverage = await recordCoverage(context, {
      benchmark: settings.benchmark,
      split,
      tasks,
      path: paths.coverage,
    })
    const measured = {
      samples: records,
      metric: value.primaryMetric,
      facts: evaluationFacts(run.record, stage),
    }
    const result = evaluation.scored > 0 ? cellResult(measured) : undefined
    const cell: CellEvaluation = {
      benchmark: fullName,
      split,
      policy: settings.policy,
      metric: value.primaryMetric,
      accuracy: result?.accuracy,
      ci: result?.ci,
      n: evaluation.scored,
      questions: result?.questions ?? 0,
      metrics: evaluation.metrics,
      metricSamples: evaluation.metricSamples,
      samples: records.length,
      answered: count("scored"),
      limit: count("limit"),
      errors: count("error"),
      unscored: count("unscored"),
      cached: evaluation.cached || undefined,
      leaked: leaks?.byTask.size || undefined,
      leaks: leaks?.byTask.size ? leakCounts(leaks.byTask.values()) : undefined,
      unguarded: withoutAnswer(measured).unguarded,
      madeBy: result?.madeBy,
      reasons: reasonsOf(records),
      ...tally.summary(),
      judged,
      coverage,
      file: paths.samples,
      provenance,
    }
    return { cell, samples: records }
  } finally {
    await files.close()
  }
}

/** Two cells can share a file: `level-1`, and `level` at temperature 1. */
const isOf = (cell: Cell) => (sample: EvalSample) =>
  cellName({ ...sample, temperature: sample.temperature ?? cell.temperature }) === cellName(cell)
