/** `metrics.jsonl`: one record a step, append-only while a training runs. Opening it for step n takes back what came after. */
import { type MetricRecord, MetricSchema } from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import { join } from "@swirl-ts/platform"
import { openRecordFile, type RecordFile, readRecords } from "@swirl-ts/store"

const stepOf = (record: MetricRecord): string => String(record.step)

export interface MetricFile {
  /** Records up to the step it was opened for; grows as records are appended. */
  records: MetricRecord[]
  append(record: MetricRecord): Promise<void>
  close(): Promise<void>
}

/** Records of steps after `step` are dropped (they are made again, equal); a rewrite replaces the file whole. */
export async function openMetricFile(directory: string, step: number): Promise<MetricFile> {
  const path = join(directory, "metrics.jsonl")
  const all: MetricRecord[] = []
  for await (const record of readRecords(path, MetricSchema, { idOf: stepOf })) all.push(record)
  const records = all.filter((record) => record.step <= step)
  if (records.length < all.length) {
    await writeFileAtomic(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""))
  }
  const file: RecordFile<MetricRecord> = await openRecordFile(path, MetricSchema, { idOf: stepOf })
  return {
    records,
    async append(record) {
      await file.append(record)
      records.push(record)
    },
    close: () => file.close(),
  }
}
