/**
 * The metrics of the runs without their weights, a run a line: what alarms look at, four decimals, a column a name and an
 * entry a step. The table is made from this file alone.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { MetricRecord } from "@swirl-ts/core"
import { type AlarmRun, type Kind, runsOf, seeds } from "./runs.ts"

export type History = Pick<MetricRecord, "step" | "values">[]

export interface RecordedRun {
  kind: Kind
  seed: number
  task: string
  values: Record<string, (number | null)[]>
}

const names = [
  ...["judgedReward", "groupsWithVariance", "entropy", "toolCallRate", "answerRate", "malformedRate", "cutOffRate"],
  ...["unscoredRate", "unscoredToolRate", "unscoredAnswerRate", "klPerToken"],
  ...["rolloutTrajectories", "rolloutAccuracy", "rolloutAnswered", "rolloutToolCalls", "rolloutMeanSteps"],
]

/** Of all runs that have ended; those that have not are left out. */
export function recordRuns(root: string, path: string): RecordedRun[] {
  const runs = seeds.flatMap(runsOf).flatMap((run) => {
    const folder = join(root, run.folder, "train", run.kind)
    return existsSync(join(folder, "result.json")) ? [recorded(run, join(folder, "metrics.jsonl"))] : []
  })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, runs.map((run) => `${JSON.stringify(run)}\n`).join(""))
  return runs
}

export const readRuns = (path: string): RecordedRun[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedRun)

function recorded({ kind, seed, task }: AlarmRun, metrics: string): RecordedRun {
  const records = readFileSync(metrics, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as MetricRecord)
  const column = (name: string) => records.map(({ values }) => rounded(values[name] ?? null))
  return { kind, seed, task, values: Object.fromEntries(names.map((name) => [name, column(name)])) }
}

const rounded = (value: number | null): number | null => value && Math.round(value * 1e4) / 1e4

/** As the training's own records, with roll-outs after every so many steps and after the last. */
export function historyOf({ values }: RecordedRun, rolloutEvery: number): History {
  const length = Object.values(values)[0]!.length
  return Array.from({ length }, (_, step) => {
    const isRolledOut = step % rolloutEvery === 0 || step === length - 1
    const here = Object.entries(values).filter(([name]) => isRolledOut || !name.startsWith("rollout"))
    return { step, values: Object.fromEntries(here.map(([name, column]) => [name, column[step]!])) }
  })
}
