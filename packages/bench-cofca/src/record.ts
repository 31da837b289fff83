/**
 * One record of a CofCA file, as public loaders of it read them (the authors' own files could not be seen): HotpotQA's
 * shape with sub-questions in place of supporting facts. A record that is none is named with its field.
 */
import { type DatasetRecord, readRecords } from "@swirl-ts/bench-kit"
import { SwirlError, schemaProblem } from "@swirl-ts/core"
import { z } from "zod"

const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? [])

/** What scoring needs. */
export const GoldSchema = z.looseObject({
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
export const RecordSchema = FieldsSchema.refine((read) => read.sub_questions.length === read.sub_answers.length, {
  path: ["sub_answers"],
  error: "it is not as long as sub_questions",
}).refine((read) => read.supporting_facts === undefined, {
  // HotpotQA's records would read as CofCA's without steps.
  path: ["supporting_facts"],
  error: "CofCA has sub_questions instead, so this is a file of HotpotQA",
})
export type CofcaRecord = z.output<typeof RecordSchema>

export const readGold = (record: DatasetRecord): CofcaGold => readAs(GoldSchema, record)

function readAs<T>(schema: z.ZodType<T>, { where, value }: DatasetRecord): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new SwirlError(
    `${where}: ${schemaProblem(result.error.issues[0]!, value)}. CofCA records have _id, question, answer, type, context (pairs of title and sentences), sub_questions and sub_answers.`,
  )
}

/** Every record of some files in order, each with the id it has here. */
export async function* recordsOf(
  files: readonly string[],
): AsyncGenerator<CofcaRecord & { id: string; where: string }> {
  const idOf = uniqueIds()
  let count = 0
  for (const file of files) {
    for await (const record of readRecords(file)) {
      const read = readAs(RecordSchema, record)
      yield { ...read, id: idOf(read), where: record.where }
      count++
    }
  }
  if (count === 0) throw new SwirlError(`${files.join(", ")} holds no question. Give one of CofCA's JSON lists.`)
}

const tagText = (tag: unknown): string => (typeof tag === "string" ? tag : JSON.stringify(tag))

/**
 * `<_id>__<type>__<n>`: the n-th record of this `_id` and type, from 1, tags joined by `-`, the number of hops where
 * there are none; after the scheme of kilian-group/phantom-reasoning. An `_id` of this form stays as it is.
 */
export function uniqueIds(): (record: Pick<CofcaGold, "_id" | "type" | "sub_answers">) => string {
  const counts = new Map<string, number>()
  const given = new Set<string>()
  return ({ _id, type, sub_answers }) => {
    const tags = [type ?? []].flat().map(tagText).join("-") || `${sub_answers.length}hop`
    const suffix = `__${tags}__`
    const end = _id.lastIndexOf(suffix)
    const written = end > 0 && /^\d+$/.test(_id.slice(end + suffix.length))
    const key = written ? _id : `${_id}__${tags}`
    let count = counts.get(key) ?? 0
    let id = written && count === 0 ? _id : undefined
    while (id === undefined || given.has(id)) id = `${key}__${++count}`
    counts.set(key, Math.max(count, 1))
    given.add(id)
    return id
  }
}
