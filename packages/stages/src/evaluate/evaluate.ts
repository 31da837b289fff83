/** Evaluation: roll out a policy on one split, score it, and keep exactly one final record a sample. */
import {
  type Cell,
  cellName,
  countReason,
  type EvalSample,
  EvalSampleSchema,
  type Limits,
  type Metrics,
  type OpenModel,
  type Reasons,
  type Temperature,
  type ToolTally,
  type ToolUse,
  toolServices,
  toolTally,
} from "@swirl-ts/core"
import { HttpError } from "@swirl-ts/kit"
import { evaluate, openEvaluationFiles } from "@swirl-ts/runner"
import { evaluationStage, hasRecord, openRun, policySlug, type Run } from "@swirl-ts/store"
import { openPolicy, type StageContext } from "../context.ts"
import type { OpenOutcomeJudge } from "../judge/open-judge.ts"
import { type FinalAnswer, finalAnswer, type JudgedAccuracy, judgedAccuracy, judgeOutcomes } from "../judge/outcomes.ts"
import { rolloutProgress, rolloutSettings, rolloutSpec, selectTasks, type TaskSelection } from "../rollouts.ts"
import { cellResult } from "./cell-result.ts"

export interface EvaluateRequest extends TaskSelection {
  benchmark: string
  model: string
  /** Default: greedy; or, where the model takes no temperature but its own, none. */
  temperature?: Temperature
  actionFormat: string
  /** Samples a task. */
  epochs: number
  /** In place of the benchmark's own. */
  limits?: Partial<Limits>
  /** Judges the final answers, too; the caller closes it. */
  outcomes?: OpenOutcomeJudge
}

export interface CellEvaluation {
  benchmark: string
  split: string
  policy: string
  /** The metric that accuracy means. */
  metric: string
  accuracy?: number
  ci?: [number, number]
  /** Samples with a score. */
  n: number
  /** Questions that these are of: the sample of `ci`. */
  questions: number
  metrics: Metrics
  samples: number
  answered: number
  /** Ended at a limit without an answer: scored as wrong. */
  limit: number
  errors: number
  unscored: number
  /** Why samples have no score (the first line of the reason), with how often. */
  reasons: Reasons
  /** Of all samples' trajectories. */
  toolCalls: number
  /** Calls that were answered with an error. */
  toolErrors: number
  /** The same by tool, with the most frequent reasons. */
  tools: Record<string, ToolUse>
  /** By an outcome judge where one is set: beside the official metrics, never one of them. */
  judged?: JudgedAccuracy
  file: string
}

/** `policy` may be an opened model, so that several cells share one. */
export async function evaluateCell(
  context: StageContext,
  request: EvaluateRequest,
  policy?: OpenModel,
): Promise<CellEvaluation> {
  const { temperature } = request
  try {
    return await evaluateAt(context, { ...request, temperature: temperature ?? 0 }, policy)
  } catch (error) {
    if (temperature !== undefined || !isTemperatureRefused(error)) throw error
    const { benchmark, split, model } = request
    context.host.log(
      `${model} takes no temperature but its own: ${benchmark}/${split} is evaluated as with --temperature none, which is no greedy decoding.`,
    )
    return evaluateAt(context, { ...request, temperature: "none" }, policy)
  }
}

const isTemperatureRefused = (error: unknown): boolean =>
  error instanceof HttpError && error.kind === "usage" && error.parameter === "temperature"

async function evaluateAt(
  context: StageContext,
  request: EvaluateRequest & { temperature: Temperature },
  policy: OpenModel | undefined,
): Promise<CellEvaluation> {
  const opened = policy ?? (await openPolicy(context, request.model))
  const services = toolServices(context.registry, context.host)
  let run: Run | undefined
  try {
    const settings = rolloutSettings(context, {
      ...request,
      model: opened,
      policy: request.model,
      services,
      sampling: { temperature: request.temperature },
    })
    const { fullName, value, split } = settings.benchmark
    // A judge that cannot be made and a file that cannot be read are found before a folder is made or a policy paid for.
    await request.outcomes?.identity(fullName)
    const tasks = await selectTasks(context, context.directory, request.benchmark, request)
    run = await openRun(context.directory)
    const spec = rolloutSpec(context, request, { model: request.model, policy: opened, benchmark: fullName })
    const slug = policySlug(request.model, opened.identity)
    const cell = { benchmark: fullName, split, temperature: request.temperature }
    const { responses, attempts } = run.paths
    const paths = { ...run.paths.evaluation(slug, fullName, cell.temperature), responses, attempts }
    await run.register(
      {
        [evaluationStage(slug, cell)]: { ...spec, epochs: request.epochs },
      },
      {},
      () => hasRecord(paths.samples, EvalSampleSchema, isOf(cell)),
    )
    const files = await openEvaluationFiles(paths, opened.model.conversation ? "block" : "each")
    const answers: FinalAnswer[] = []
    const tally = toolTally()
    try {
      const evaluation = await evaluate({
        ...settings,
        tasks,
        samples: request.epochs,
        samplesFile: files.samplesFile,
        trajectories: files.trajectories,
        responses: files.responses,
        onSample: ({ status }, trajectory, task) => {
          tally.add(trajectory)
          if (request.outcomes && status !== "error") answers.push(finalAnswer(trajectory, task))
        },
        onProgress: rolloutProgress(context, `eval ${request.benchmark}/${split}`),
      })
      if (evaluation.aborted) context.abortSignal?.throwIfAborted()
      const { records } = evaluation
      const taskOf = new Map(records.map(({ trajectoryId, taskId }) => [trajectoryId, taskId]))
      const count = (status: EvalSample["status"]): number =>
        records.filter((record) => record.status === status).length
      const judged = request.outcomes
        ? judgedAccuracy(
            await request.outcomes.identity(fullName),
            await judgeOutcomes(context, run, request.outcomes, answers),
            (id) => taskOf.get(id) ?? id,
            context.directory,
          )
        : undefined
      const result = evaluation.scored > 0 ? cellResult({ samples: records, metric: value.primaryMetric }) : undefined
      return {
        benchmark: fullName,
        split,
        policy: slug,
        metric: value.primaryMetric,
        accuracy: result?.accuracy,
        ci: result?.ci,
        n: evaluation.scored,
        questions: result?.questions ?? 0,
        metrics: evaluation.metrics,
        samples: records.length,
        answered: count("scored"),
        limit: count("limit"),
        errors: count("error"),
        unscored: count("unscored"),
        reasons: reasonsOf(records),
        ...toolUse(tally),
        judged,
        file: paths.samples,
      }
    } finally {
      await files.close()
    }
  } finally {
    await services.close()
    if (!policy) await opened.close?.()
    await run?.close()
  }
}

/** Two cells can share a file: `level-1`, and `level` at temperature 1. */
const isOf = (cell: Cell) => (sample: EvalSample) =>
  cellName({ ...sample, temperature: sample.temperature ?? cell.temperature }) === cellName(cell)

function toolUse(tally: ToolTally): Pick<CellEvaluation, "toolCalls" | "toolErrors" | "tools"> {
  const tools = tally.uses()
  const sum = (of: "calls" | "errors"): number => Object.values(tools).reduce((total, use) => total + use[of], 0)
  return { toolCalls: sum("calls"), toolErrors: sum("errors"), tools }
}

function reasonsOf(records: readonly EvalSample[]): Reasons {
  const reasons: Reasons = {}
  for (const { status, error = "" } of records)
    if (status === "error" || status === "unscored") countReason(reasons, `${status}: ${error}`)
  return reasons
}
