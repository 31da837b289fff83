/** What a training took, by its own records: tokens, seconds, memory. A step that was made again after a kill counts once. */
import { type MatrixRow, MetricSchema, sampledTokens, type TrainingResultRecord } from "@swirl-ts/core"
import { readRecords, runPaths } from "@swirl-ts/store"

/** Undefined where no step was made. `folder`: the run folder. */
export async function trainingCost(
  folder: string,
  name: string,
  result: TrainingResultRecord | undefined,
): Promise<MatrixRow["cost"]> {
  const records = await Array.fromAsync(readRecords(runPaths(folder).training(name).metrics, MetricSchema))
  const steps = records.filter(({ step }) => step > 0)
  if (steps.length === 0) return undefined
  const seconds = steps.flatMap(({ values }) => values.seconds ?? [])
  const trainedTokens = steps.reduce((sum, { values }) => sum + (values.trainedTokens ?? 0), 0)
  const sampled = sampledTokens(records)
  const total = seconds.reduce((sum, each) => sum + each, 0)
  return {
    steps: steps.length,
    sampledTokens: sampled,
    trainedTokens,
    seconds: total,
    secondsPerStep: seconds.length > 0 ? median(seconds) : undefined,
    tokensPerSecond: total > 0 ? (sampled + trainedTokens) / total : undefined,
    peakMemoryBytes: result?.peakMemoryBytes,
  }
}

/** Of an even number, the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!
}
