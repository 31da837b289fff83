/**
 * One record of HotpotQA as its files hold it. The official schema and Hugging Face's (`id`, parallel lists) become the
 * same record; a record that is neither is refused with the field that is wrong. Texts are never changed.
 */
import { schemaProblem } from "@swirl-ts/core"
import { z } from "zod"

const ParagraphSchema = z.tuple([z.string(), z.array(z.string())])
const FactSchema = z.tuple([z.string(), z.int().min(0)])

const RecordSchema = z.object({
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

/** The record, or what is wrong with it in the dataset's own words. */
export function readRecord(value: unknown): { record: HotpotqaRecord } | { problem: string } {
  if (!isObject(value)) {
    return { problem: "it is no object with the keys _id, question, answer, supporting_facts and context" }
  }
  const official: Record<string, unknown> = { ...value }
  official._id ??= official.id
  for (const [field, inner] of [
    ["supporting_facts", "sent_id"],
    ["context", "sentences"],
  ] as const) {
    const lists = parallelLists(official[field], inner)
    if (typeof lists === "string") return { problem: `"${field}" ${lists}` }
    if (lists) official[field] = lists
  }
  const result = RecordSchema.safeParse(official)
  if (result.success) return { record: result.data }
  const issue = result.error.issues[0]!
  if (issue.path[0] === "_id" && official._id === undefined)
    return { problem: 'the key "_id" (Hugging Face: "id") is missing' }
  return { problem: schemaProblem(issue, official) }
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

/** A key that only another dataset's records have, as a sentence to add to what is wrong. */
export function otherDataset(value: unknown): string {
  const keys = { paragraphs: "MuSiQue", question_decomposition: "MuSiQue", answers: "BeerQA", src: "BeerQA" }
  const found = Object.entries(keys).find(([key]) => isObject(value) && Object.hasOwn(value, key))
  return found ? ` It has "${found[0]}", so it may be a ${found[1]} file.` : ""
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Text of a paragraph: sentences bring their own spaces. */
export const paragraphText = (sentences: readonly string[]): string => sentences.join("").trim()
