/** The records of a split's files, streamed in order, each with its place for messages. */
import { BrokenFile } from "@swirl-ts/kit"
import type { DataSet } from "../files/data-set.ts"
import type { DatasetRecord } from "../files/parse.ts"
import { readRecords } from "../files/records.ts"

export interface Placed<R> {
  record: R
  where: string
}

/** `read` throws for what is no record. No record at all is an error too, where the files are read to their end. */
export async function* recordsOf<R>(
  { form }: Pick<DataSet, "form">,
  files: readonly string[],
  read: (record: DatasetRecord) => R,
): AsyncGenerator<Placed<R>> {
  let count = 0
  for (const file of files) {
    // Some data sets have their records under "data"; what others have there is to be told by its records.
    for await (const record of readRecords(file, { at: "data" })) {
      yield { record: read(record), where: record.where }
      count++
    }
  }
  if (count === 0) throw new BrokenFile(`${files.join(", ")} holds no question. Give ${form}.`)
}
