/** The records of a gold file that was read already, as `swirl score` gives it. */
import { SwirlError } from "@swirl-ts/core"
import type { DataSet } from "../files/data-set.ts"
import { type DatasetRecord, parseRecords } from "../files/parse.ts"

/** At least one; what each of them is, the scorer reads. */
export function goldRecords(text: string, { name }: Pick<DataSet, "name">): DatasetRecord[] {
  const records = parseRecords(text, "the gold file", { at: "data" })
  if (records.length > 0) return records
  throw new SwirlError(
    `The gold file holds no question. Give ${name}'s questions with their answers, as JSON or JSON lines.`,
    { kind: "usage" },
  )
}
