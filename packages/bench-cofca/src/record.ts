/**
 * One record of a CofCA file, as public loaders of it read them (the authors' own files could not be seen): HotpotQA's
 * shape with sub-questions in place of supporting facts. A record that is none is named with its field.
 */
import { type DatasetRecord, readAs } from "@swirl-ts/bench-kit"
import type { Passage } from "@swirl-ts/core"
import { z } from "zod"
import { uniqueIds } from "./unique-ids.ts"

const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? [])

/** What scoring needs. */
const GoldSchema = z.looseObject({
  /** Like HotpotQA's, but neither unique across the files of hop counts nor within one. */
  _id: z.union([z.string(), z.number()]).transform(String),
  answer: z.string(),
  /** A tag, several, such as the hop count and `bridge` or `comparison`, or nothing. */
  type: z.unknown().optional(),
  sub_answers: texts,
})
export type CofcaGold = z.output<typeof GoldSchema>

const FieldsSchema = GoldSchema.extend({
  _id: z.union([z.string().min(1), z.number()]).transform(String),
  question: z.string().min(1),
  /** Pairs of a title and its sentences. */
  context: z.array(z.tuple([z.string(), z.array(z.string())])),
  sub_questions: texts,
})
const RecordSchema = FieldsSchema.refine((read) => read.sub_questions.length === read.sub_answers.length, {
  path: ["sub_answers"],
  error: "it is not as long as sub_questions",
}).refine((read) => read.supporting_facts === undefined, {
  // HotpotQA's records would read as CofCA's without steps.
  path: ["supporting_facts"],
  error: "CofCA has sub_questions instead",
})
/** `id` is the one it has here. */
export type CofcaRecord = z.output<typeof RecordSchema> & { id: string }

const fields =
  "CofCA records have _id, question, answer, type, context (pairs of title and sentences), sub_questions and sub_answers."

/** A reader of all records of some files in turn: ids are unique among what it has read. */
export function recordReader(): (record: DatasetRecord) => CofcaRecord {
  const idOf = uniqueIds()
  return (record) => {
    const read = readAs(RecordSchema, record, fields)
    return { ...read, id: idOf(read) }
  }
}

export const readGold = (record: DatasetRecord): CofcaGold => readAs(GoldSchema, record, fields)

/** Sentences keep their leading space in HotpotQA; where they have none, one is put in. */
export const passagesOf = ({ context }: Pick<CofcaRecord, "context">): Passage[] =>
  context.map(([title, sentences]) => {
    const text = sentences.reduce(
      (before, sentence) => (before === "" || /^\s/.test(sentence) ? before + sentence : `${before} ${sentence}`),
      "",
    )
    return { title, text: text.trim() }
  })
