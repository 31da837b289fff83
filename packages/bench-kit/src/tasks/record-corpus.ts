/** The passages of a split's records as the corpus that its tasks are searched in. */
import type { Corpus, Passage } from "@swirl-ts/core"
import { fileCorpus } from "../files/corpus.ts"
import type { Placed } from "./records-of.ts"

/** `name` begins the corpus's id. The records are read when the passages are asked for, not before. */
export const recordCorpus = <R>(
  name: string,
  files: readonly string[],
  records: (files: readonly string[]) => AsyncIterable<Placed<R>>,
  passagesOf: (record: R) => Iterable<Passage>,
): Corpus =>
  fileCorpus(name, files, async function* () {
    for await (const { record } of records(files)) yield* passagesOf(record)
  })
