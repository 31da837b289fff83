/** What became of a cell's scores when it was scored again, sample by sample. */
import { type EvalSample, scoreOf } from "@swirl-ts/core"
import { mean } from "@swirl-ts/stats"
import type { TemperedSample } from "@swirl-ts/store"

export interface RescoredCell {
  benchmark: string
  split: string
  temperature: EvalSample["temperature"]
  policy: string
  /** The metric that the scores are of, then and now. */
  metric: { before: string | undefined; after: string | undefined }
  samples: number
  /** Means of the samples that have a score, then and now. */
  before?: number
  after?: number
  /** Samples whose score is another now: higher, lower; with one now that had none; with none now that had one. */
  changed: number
  higher: number
  lower: number
  newlyScored: number
  newlyUnscored: number
  /** Without a score now, errors of the run among them. */
  unscored: number
  /** Every metric by name: means, and how many samples have another value. */
  metrics: Record<string, { before?: number; after?: number; changed: number }>
  /** Of the new samples. */
  file: string
}

interface Pair {
  before: TemperedSample
  after: EvalSample
}

/** `file`: where the new samples are. */
export function rescoredCells(pairs: readonly Pair[], file: string): RescoredCell[] {
  const cells = Map.groupBy(pairs, ({ before }) =>
    JSON.stringify([before.benchmark, before.split, before.temperature, before.policy]),
  )
  return [...cells.values()].map((own) => rescoredCell(own, file))
}

function rescoredCell(pairs: readonly Pair[], file: string): RescoredCell {
  const { benchmark, split, temperature, policy } = pairs[0]!.before
  const metric = { before: pairs[0]!.before.primaryMetric, after: pairs[0]!.after.primaryMetric }
  const scores = pairs.map(({ before, after }) => ({
    before: scored(before, metric.before ?? metric.after),
    after: scored(after, metric.after),
  }))
  const count = (is: (before: number | undefined, after: number | undefined) => boolean): number =>
    scores.filter(({ before, after }) => is(before, after)).length
  const higher = count((a, b) => a !== undefined && b !== undefined && b > a)
  const lower = count((a, b) => a !== undefined && b !== undefined && b < a)
  const newlyScored = count((a, b) => a === undefined && b !== undefined)
  const newlyUnscored = count((a, b) => a !== undefined && b === undefined)
  const names = [
    ...new Set(pairs.flatMap(({ before, after }) => [...Object.keys(before.metrics), ...Object.keys(after.metrics)])),
  ]
  return {
    benchmark,
    split,
    temperature,
    policy,
    metric,
    samples: pairs.length,
    before: meanOf(scores.map(({ before }) => before)),
    after: meanOf(scores.map(({ after }) => after)),
    changed: higher + lower + newlyScored + newlyUnscored,
    higher,
    lower,
    newlyScored,
    newlyUnscored,
    unscored: count((_a, b) => b === undefined),
    metrics: Object.fromEntries(names.map((name) => [name, changeOf(pairs, name)])),
    file,
  }
}

const scored = (sample: EvalSample, metric: string | undefined): number | undefined =>
  metric === undefined ? undefined : scoreOf(sample, metric)

function changeOf(pairs: readonly Pair[], name: string): RescoredCell["metrics"][string] {
  return {
    before: meanOf(pairs.map(({ before }) => before.metrics[name])),
    after: meanOf(pairs.map(({ after }) => after.metrics[name])),
    changed: pairs.filter(({ before, after }) => before.metrics[name] !== after.metrics[name]).length,
  }
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : mean(known)
}
