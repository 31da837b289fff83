/**
 * One record of HotpotQA as its files hold it. The official schema and Hugging Face's (`id`, parallel lists) become the
 * same record; a record that is neither is refused with the field that is wrong. Texts are never changed.
 */
import { badRecord, type DatasetRecord, readAs } from "@swirl-ts/bench-kit"
import type { Passage } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { z } from "zod"

const ParagraphSchema = z.tuple([z.string(), z.array(z.string())])
const FactSchema = z.tuple([z.string(), z.int().min(0)])

export const RecordSchema = z.object({
  _id: z.string().min(1),
  question: z.string().min(1),
  /** Not there where it is hidden, as in the test split; Hugging Face writes null. */
  answer: z.string().nullish(),
  type: z.string().nullish(),
  level: z.string().nullish(),
  /** `[title, index of the sentence]`. */
  supporting_facts: z.array(FactSchema).nullish(),
  /** `[title, sentences]`; sentences keep their leading space. */
  context: z.array(ParagraphSchema),
})
export type HotpotqaRecord = z.output<typeof RecordSchema>

const fields =
  "HotpotQA's records have _id (Hugging Face: id), question, answer, type, level, supporting_facts and context."

export function readRecord({ where, value }: DatasetRecord): HotpotqaRecord {
  if (!isObject(value)) return readAs(RecordSchema, { where, value }, fields)
  const official: Record<string, unknown> = { ...value }
  official._id ??= official.id
  for (const [field, inner] of [
    ["supporting_facts", "sent_id"],
    ["context", "sentences"],
  ] as const) {
    const lists = parallelLists(official[field], inner)
    if (typeof lists === "string") throw badRecord(RecordSchema, { where, value }, `"${field}" ${lists}`, fields)
    if (lists) official[field] = lists
  }
  return readAs(RecordSchema, { where, value: official }, fields)
}

/** Hugging Face's `{ title: […], <inner>: […] }` as pairs; undefined for anything else that is no such object. */
function parallelLists(value: unknown, inner: string): unknown[] | string | undefined {
  if (!isObject(value)) return undefined
  const { title, [inner]: others } = value
  if (!Array.isArray(title) || !Array.isArray(others)) {
    return `is an object without the lists "title" and "${inner}" of Hugging Face's schema`
  }
  if (title.length !== others.length) return `has ${title.length} titles but ${others.length} entries of "${inner}"`
  return title.map((name, index) => [name, others[index]])
}

/** The question's own paragraphs; sentences bring their own spaces. */
export const passagesOf = ({ context }: Pick<HotpotqaRecord, "context">): Passage[] =>
  context.map(([title, sentences]) => ({ title, text: sentences.join("").trim() }))
