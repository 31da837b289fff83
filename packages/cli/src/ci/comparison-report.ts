/** A comparison for a CI job: a test a cell and threshold. */
import { changeInterval, points } from "@swirl-ts/report"
import type { ComparedCell, Comparison } from "@swirl-ts/stages"
import { type Check, type CiReport, checkCase } from "./ci-files.ts"

export interface ComparisonThresholds {
  /** Lowest change of b against a, e.g. -0.02. */
  threshold?: number
  /** No cell may be worse by its whole interval. */
  failOnWorse: boolean
}

const nameOf = ({ cell, against }: ComparedCell): string => (against ? `${cell} against ${against}` : cell)

export function comparisonChecks(compared: ComparedCell, { threshold, failOnWorse }: ComparisonThresholds): Check[] {
  const { change } = compared.result
  const of = nameOf(compared)
  const checks: Check[] = []
  const said = `${points(change.value)} points (${changeInterval(change)})`
  if (threshold !== undefined)
    checks.push({
      of,
      name: `a change of ${points(threshold)} points or more`,
      failure: change.value < threshold ? `the change is ${said}` : undefined,
    })
  if (failOnWorse)
    checks.push({
      of,
      name: "not worse by its whole interval",
      failure: change.ci !== undefined && change.ci[1] < 0 ? `the change is ${said}` : undefined,
    })
  return checks
}

export function comparisonReport(
  title: string,
  { cells, onlyInA, onlyInB }: Pick<Comparison, "cells" | "onlyInA" | "onlyInB">,
  thresholds: ComparisonThresholds,
  { rows, notes }: Pick<CiReport, "rows" | "notes">,
): CiReport {
  const checked = cells.map((compared) => ({ compared, checks: comparisonChecks(compared, thresholds) }))
  const alone = (names: readonly string[], side: string) =>
    names.map((cell) => ({
      classname: cell,
      name: "compared",
      outcome: { kind: "skipped" as const, message: `only in ${side}` },
    }))
  return {
    title,
    checks: checked.flatMap(({ checks }) => checks),
    rows,
    notes,
    suites: [
      ...checked.map(({ compared, checks }) => {
        const { base, result } = compared
        return {
          name: nameOf(compared),
          properties: { a: base.accuracy, b: result.accuracy, change: result.change.value, p: result.change.p },
          cases: [{ classname: nameOf(compared), name: "compared" }, ...checks.map((check) => checkCase(check))],
        }
      }),
      ...(onlyInA.length + onlyInB.length > 0
        ? [{ name: "not compared", cases: [...alone(onlyInA, "a"), ...alone(onlyInB, "b")] }]
        : []),
    ],
  }
}
