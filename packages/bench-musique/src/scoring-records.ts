/**
 * What the official script reads of a gold record and of a prediction, and where it stops: at a missing key, at an
 * answer that is no text, at an index that `int()` does not take. It reads predictions of unanswerable records only for
 * their flag, so what else stands there is never looked at.
 */
import { SwirlError } from "@swirl-ts/core"
import { type DatasetRecord, parseRecords } from "@swirl-ts/datasets"
import { integerSet, PythonError, truthy, typeName } from "./python-values.ts"

export interface Gold {
  where: string
  id: unknown
  answers: readonly unknown[]
  support: unknown[]
  answerable: unknown
  synthetic: boolean
}

export interface Prediction {
  where: string
  id: unknown
  answer: unknown
  support: unknown
  answerable: unknown
}

export const predictionKeys = ["id", "predicted_answer", "predicted_support_idxs", "predicted_answerable"] as const

export const readGolds = (text: string): Gold[] => parseRecords(text, "the gold file").map(readGold)

export const readPredictions = (text: string): Prediction[] =>
  parseRecords(text, "the predictions file").map((record) => {
    const read = fieldsOf(record, "predictions")
    const [id, answer, support, answerable] = predictionKeys.map(read)
    return { where: record.where, id, answer, support, answerable }
  })

function readGold(record: DatasetRecord): Gold {
  const { where } = record
  const read = fieldsOf(record, "gold records")
  const aliases = read("answer_aliases")
  if (!Array.isArray(aliases)) throw stop(where, `"answer_aliases" is ${typeName(aliases)}, no list`)
  const paragraphs = read("paragraphs")
  if (!Array.isArray(paragraphs)) throw stop(where, `"paragraphs" is ${typeName(paragraphs)}, no list`)
  const supporting = paragraphs.flatMap((value: unknown, place): unknown[] => {
    const readParagraph = fieldsOf({ where: `${where}, paragraph ${place}`, value }, "paragraphs")
    return truthy(readParagraph("is_supporting")) ? [readParagraph("idx")] : []
  })
  const { synthetic } = record.value as { synthetic?: unknown }
  return {
    where,
    id: read("id"),
    answers: [read("answer"), ...aliases],
    support: supporting,
    answerable: read("answerable"),
    synthetic: synthetic === true,
  }
}

function fieldsOf({ where, value }: DatasetRecord, what: string): (key: string) => unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw stop(where, `it is ${typeName(value)}, but MuSiQue's ${what} are objects`)
  }
  return (key) => {
    if (!Object.hasOwn(value, key)) throw stop(where, `"${key}" is missing`)
    return (value as Record<string, unknown>)[key]
  }
}

/** A text that `lower()` works on. */
export function textOf(value: unknown, where: string, what: string): string {
  if (typeof value === "string") return value
  throw stop(where, `${what} is ${typeName(value)}, no text`)
}

export function indexesOf(value: unknown, where: string, what: string): Set<number> {
  try {
    return integerSet(value)
  } catch (error) {
    if (error instanceof PythonError) throw stop(where, `${what} cannot be read (${error.message})`)
    throw error
  }
}

export const stop = (where: string, what: string): SwirlError =>
  new SwirlError(`${where}: ${what}. The official evaluate_v1.0.py stops there too; put the file right.`)
