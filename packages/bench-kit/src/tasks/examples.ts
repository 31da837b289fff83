/** Worked examples: train records that a prompt shows before its question. A question is never its own example. */
import { type LoadOptions, SwirlError } from "@swirl-ts/core"
import type { DataSet } from "../files/data-set.ts"
import { locate } from "../files/locate.ts"
import type { Placed } from "./records-of.ts"

/** The first train records to show `shots` of; one more, so that a question among them finds another in its place. */
export async function exampleRecords<Split extends string, R>(
  dataSet: DataSet<Split>,
  split: Split,
  options: LoadOptions,
  shots: number,
  records: (files: readonly string[]) => AsyncIterable<Placed<R>>,
  canBeShown: (record: R) => boolean = () => true,
): Promise<R[]> {
  const found: R[] = []
  if (shots === 0) return found
  const { files, isFile } = await locate(dataSet, "train" as Split, options)
  if (isFile && split !== "train") {
    throw new SwirlError(
      `Worked examples come from the train split, but --data names one file. Name a folder that holds ${split} and train, or set shots to 0.`,
      { kind: "usage" },
    )
  }
  for await (const { record } of records(files)) {
    if (canBeShown(record) && found.push(record) > shots) break
  }
  return found
}

/** Those of them to show before one question. */
export const examplesFor = <R extends { question: string }>(
  examples: readonly R[],
  { question }: { question: string },
  shots: number,
): R[] => examples.filter((example) => example.question !== question).slice(0, shots)
