/** An evaluation for a CI job. A wrong answer fails no test: the thresholds say whether there are too many. */
import { type EvalSample, scoreOf } from "@swirl-ts/core"
import { percent } from "@swirl-ts/report"
import type { CellEvaluation } from "@swirl-ts/stages"
import { type Check, type CiReport, checkCase } from "./ci-files.ts"
import type { TestCase } from "./junit.ts"

export interface EvaluationThresholds {
  /** Lowest score. */
  threshold?: number
  /** Highest share of samples without one. */
  failOnError: number
}

const withoutScore = (cell: CellEvaluation): number => cell.errors + Math.max(cell.unscored, cell.judged?.unscored ?? 0)

/** Of what was asked for; a limit on errors always is. */
function evaluationChecks(cell: CellEvaluation, { threshold, failOnError }: EvaluationThresholds): Check[] {
  const of = `${cell.benchmark}/${cell.split}`
  const missing = withoutScore(cell)
  const checks: Check[] = [
    {
      of,
      name: `${percent(failOnError)} % of samples without a score at most`,
      failure: missing > failOnError * cell.samples ? `${missing} of ${cell.samples} samples have no score` : undefined,
    },
  ]
  if (threshold !== undefined)
    checks.push({
      of,
      name: `${cell.metric} of ${percent(threshold)} or more`,
      failure:
        (cell.accuracy ?? 0) < threshold
          ? `${cell.metric} is ${cell.accuracy === undefined ? "not known" : percent(cell.accuracy)}, below ${percent(threshold)} (n ${cell.n})`
          : undefined,
    })
  return checks
}

export interface ReportedCell {
  cell: CellEvaluation
  samples: readonly EvalSample[]
}

export function evaluationReport(
  title: string,
  cells: readonly ReportedCell[],
  thresholds: EvaluationThresholds,
  { rows, notes }: Pick<CiReport, "rows" | "notes">,
): CiReport {
  const checked = cells.map(({ cell, samples }) => ({ cell, samples, checks: evaluationChecks(cell, thresholds) }))
  return {
    title,
    checks: checked.flatMap(({ checks }) => checks),
    rows,
    notes,
    suites: checked.map(({ cell, samples, checks }) => ({
      name: `${cell.benchmark}/${cell.split}`,
      properties: {
        policy: cell.policy,
        ...(cell.accuracy === undefined ? {} : { [cell.metric]: cell.accuracy }),
        ...(cell.ci ? { low: cell.ci[0], high: cell.ci[1] } : {}),
        samples: cell.samples,
        answered: cell.answered,
        errors: cell.errors,
        unscored: cell.unscored,
      },
      cases: [
        ...checks.map((check) => checkCase(check, details(samples, cell.metric))),
        ...samples.map((sample) =>
          sampleCase(
            sample,
            samples.some(({ epoch }) => epoch > 0),
          ),
        ),
      ],
    })),
  }
}

function sampleCase(
  { benchmark, split, taskId, epoch, metrics, status, error, answer }: EvalSample,
  several: boolean,
): TestCase {
  const isMissing = status === "error" || status === "unscored"
  return {
    classname: `${benchmark}/${split}`,
    name: several ? `${taskId} #${epoch + 1}` : taskId,
    properties: { status, ...(answer === undefined ? {} : { answer }), ...metrics },
    outcome: isMissing ? { kind: "skipped", message: `no score: ${error ?? status}` } : undefined,
  }
}

/** The questions that a threshold is missed by. */
function details(samples: readonly EvalSample[], metric: string, most = 20): string {
  const wrong = samples.filter((sample) => (scoreOf(sample, metric) ?? 0) < 1)
  const lines = wrong.slice(0, most).map(({ taskId, answer, error, metrics }) => {
    const said = answer === undefined ? (error ?? "no answer") : `answer ${JSON.stringify(answer)}`
    return `${taskId}: ${metric} ${metrics[metric] ?? "–"}, ${said}`
  })
  return [...lines, ...(wrong.length > most ? [`and ${wrong.length - most} more`] : [])].join("\n")
}
