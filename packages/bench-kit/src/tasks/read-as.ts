/** A record read by a schema. What is none is an error with its place, what is wrong, and whose record it may be. */
import { schemaProblem } from "@swirl-ts/core"
import { BrokenFile, isObject } from "@swirl-ts/kit"
import type { z } from "zod"
import type { DatasetRecord } from "../files/parse.ts"

/** `fields` says which ones a record has, as a sentence: `GSM8K's rows have question and answer.` */
export function readAs<S extends z.ZodObject>(schema: S, { where, value }: DatasetRecord, fields: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw badRecord(schema, { where, value }, schemaProblem(result.error.issues[0]!, value), fields)
}

/** The error of a record with a problem that its schema does not know. */
export const badRecord = (
  schema: z.ZodObject,
  { where, value }: DatasetRecord,
  problem: string,
  fields: string,
): BrokenFile => new BrokenFile(`${where}: ${problem}. ${fields}${otherDataSet(schema, value)}`)

/** Keys by which people tell the data sets' records apart, the most telling first. */
const tellTale = {
  paragraphs: "MuSiQue",
  question_decomposition: "MuSiQue",
  answers: "BeerQA",
  src: "BeerQA",
  sub_questions: "CofCA",
  supporting_facts: "HotpotQA",
  context: "HotpotQA or CofCA",
}

/** A key that only another data set's records have, as a sentence to add to what is wrong; empty where there is none. */
export function otherDataSet({ shape }: z.ZodObject, value: unknown): string {
  const found = Object.entries(tellTale).find(
    ([key]) => isObject(value) && Object.hasOwn(value, key) && !Object.hasOwn(shape, key),
  )
  return found ? ` It has "${found[0]}", so it may be a ${found[1]} file.` : ""
}
