/** Evaluation: roll out a policy on one split, score it, and keep exactly one final record a sample. */
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import {
  type EvalSample,
  EvalSampleSchema,
  type Limits,
  type Metrics,
  type OpenModel,
  type Registry,
  SwirlError,
} from "@swirl-ts/core"
import { evaluate, openEvaluationFiles } from "@swirl-ts/runner"
import { hasRecord, openRun, policySlug, type Run, readRecords } from "@swirl-ts/store"
import { dataPathOf, openPolicy, type StageContext } from "../context.ts"
import type { OpenOutcomeJudge } from "../judge/open-judge.ts"
import { type FinalAnswer, type JudgedAccuracy, judgedAccuracy, judgeOutcomes, referenceOf } from "../judge/outcomes.ts"
import { rolloutSettings, selectTasks, type TaskSelection } from "../rollouts.ts"
import { type CellResult, type ChangedCell, cellResult, changedCell } from "./cell-result.ts"

export interface EvaluateRequest extends TaskSelection {
  benchmark: string
  model: string
  temperature: number
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
  n: number
  metrics: Metrics
  samples: number
  answered: number
  /** Ended at a limit without an answer: scored as wrong. */
  limit: number
  errors: number
  unscored: number
  /** Why samples have no score (the first line of the reason), with how often. */
  reasons: Record<string, number>
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
  const opened = policy ?? (await openPolicy(context, request.model))
  let run: Run | undefined
  try {
    const settings = rolloutSettings(context, {
      ...request,
      model: opened,
      policy: request.model,
      sampling: { temperature: request.temperature },
    })
    const { fullName, value, split } = settings.benchmark
    // A judge that cannot be made and a file that cannot be read are found before a folder is made or a policy paid for.
    await request.outcomes?.identity(fullName)
    const tasks = await selectTasks(context, context.directory, request.benchmark, request)
    run = await openRun(context.directory)
    const dataPath = dataPathOf(context, fullName)
    const slug = policySlug(request.model, opened.identity)
    const name = request.temperature === 0 ? fullName : `${fullName}@${request.temperature}`
    const paths = { ...run.paths.evaluation(slug, name), responses: run.paths.responses, attempts: run.paths.attempts }
    await run.register(
      {
        [`eval/${slug}/${name}/${split}`]: {
          model: request.model,
          identity: opened.identity,
          temperature: request.temperature,
          actionFormat: request.actionFormat,
          seed: context.seed,
          epochs: request.epochs,
          dataPath,
          limit: request.limit,
          limits: request.limits,
        },
      },
      {},
      () => hasRecord(paths.samples, EvalSampleSchema, (sample) => sample.split === split),
    )
    const files = await openEvaluationFiles(paths, opened.model.conversation ? "block" : "each")
    const answers: FinalAnswer[] = []
    try {
      const evaluation = await evaluate({
        ...settings,
        tasks,
        samples: request.epochs,
        samplesFile: files.samplesFile,
        trajectories: files.trajectories,
        responses: files.responses,
        onSample: ({ status, trajectoryId, answer }, { steps }, task) => {
          if (!request.outcomes || status === "error") return
          answers.push({
            trajectoryId,
            step: Math.max(0, steps.length - 1),
            benchmark: fullName,
            question: task.question,
            reference: referenceOf(task),
            answer,
          })
        },
        onProgress: (progress) =>
          context.onProgress?.({
            stage: `eval ${request.benchmark}/${split}`,
            done: progress.done,
            total: progress.total ?? progress.done,
            detail: `${progress.answered} answered, ${progress.malformed} malformed, ${progress.errors} errors`,
          }),
      })
      if (evaluation.aborted) context.abortSignal?.throwIfAborted()
      const { records } = evaluation
      const count = (status: EvalSample["status"]): number =>
        records.filter((record) => record.status === status).length
      const judged = request.outcomes
        ? judgedAccuracy(
            await request.outcomes.identity(fullName),
            (await judgeOutcomes(context, run, request.outcomes, answers)).values(),
            context.directory,
          )
        : undefined
      const result = evaluation.scored > 0 ? cellResult(records, value.primaryMetric) : undefined
      return {
        benchmark: fullName,
        split,
        policy: slug,
        metric: value.primaryMetric,
        ...(result ? { accuracy: result.accuracy, ci: result.ci } : {}),
        n: evaluation.scored,
        metrics: evaluation.metrics,
        samples: records.length,
        answered: count("scored"),
        limit: count("limit"),
        errors: count("error"),
        unscored: count("unscored"),
        reasons: reasonsOf(records),
        judged,
        file: paths.samples,
      }
    } finally {
      await files.close()
    }
  } finally {
    if (!policy) await opened.close?.()
    await run?.close()
  }
}

function reasonsOf(records: readonly EvalSample[]): Record<string, number> {
  const reasons: Record<string, number> = {}
  for (const { status, error = "" } of records) {
    if (status !== "error" && status !== "unscored") continue
    const reason = `${status}: ${error.split("\n")[0]}`
    reasons[reason] = (reasons[reason] ?? 0) + 1
  }
  return reasons
}

/** Eval samples under a folder `eval/<policy>`, or of one file, by `<benchmark>/<split>` with `@<temperature>` from the file's name. */
export async function readEvaluation(path: string): Promise<Map<string, EvalSample[]>> {
  const info = await stat(path).catch(() => undefined)
  if (!info)
    throw new SwirlError(`There is no evaluation at ${path}. Make one: swirl eval <benchmark> --run <folder>`, {
      kind: "usage",
    })
  const files = info.isDirectory()
    ? (await readdir(path))
        .filter((name) => name.endsWith(".jsonl") && !name.endsWith(".trajectories.jsonl"))
        .map((name) => join(path, name))
    : [path]
  const cells = new Map<string, EvalSample[]>()
  for (const file of files) {
    const temperature = /-(\d+(?:\.\d+)?)\.jsonl$/.exec(file)?.[1]
    for await (const sample of readRecords(file, EvalSampleSchema)) {
      const cell = `${sample.benchmark}/${sample.split}${temperature ? `@${temperature}` : ""}`
      const samples = cells.get(cell) ?? []
      samples.push(sample)
      cells.set(cell, samples)
    }
  }
  return cells
}

export interface ComparedCell {
  cell: string
  base: CellResult
  result: ChangedCell
}

/** Paired comparison of all cells that two evaluations share. */
export async function compareEvaluations(
  registry: Registry,
  a: string,
  b: string,
  seed: number,
): Promise<ComparedCell[]> {
  const [before, after] = [await readEvaluation(a), await readEvaluation(b)]
  return [...before].flatMap(([cell, samples]) => {
    const others = after.get(cell)
    if (!others) return []
    const metric = registry.resolve("benchmarks", samples[0]!.benchmark).value.primaryMetric
    return [{ cell, base: cellResult(samples, metric), result: changedCell(samples, others, metric, seed) }]
  })
}
