/**
 * The metrics of a training once more, for TensorBoard, beside `metrics.jsonl`. Invariant: the file holds what the metrics
 * hold; opening writes it anew from them, so a resumed training has no step twice.
 */
import type { MetricRecord } from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import { appendFile, join } from "@swirl-ts/platform"
import { fileVersionFrame, scalarFrame } from "./tensorboard-events.ts"

/** TensorBoard knows a file by `tfevents` in its name. */
export const tensorboardFile = "events.out.tfevents.0.swirl"

type Metric = Pick<MetricRecord, "step" | "values">

export interface TensorboardFile {
  append(metric: Metric): Promise<void>
}

export async function openTensorboardFile(directory: string, records: readonly Metric[]): Promise<TensorboardFile> {
  const path = join(directory, tensorboardFile)
  // Records have no date: those that are there are taken to have followed one another up to now.
  const lasted = (metrics: readonly Metric[]): number =>
    metrics.reduce((sum, { values }) => sum + (values.seconds ?? 0), 0)
  const began = Date.now() / 1000 - lasted(records)
  const frames = records.map((metric, index) => frameOf(metric, began + lasted(records.slice(0, index + 1))))
  await writeFileAtomic(path, Buffer.concat([fileVersionFrame(began), ...frames]))
  return { append: (metric) => appendFile(path, frameOf(metric, Date.now() / 1000)) }
}

function frameOf({ step, values }: Metric, wallTime: number): Buffer {
  const scalars = Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null)
  return scalarFrame({ wallTime, step, scalars: Object.fromEntries(scalars) })
}
