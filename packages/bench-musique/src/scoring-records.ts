/**
 * What the official script reads of a gold record and of a prediction, and where it stops for a key that is missing. It
 * reads predictions of unanswerable records only for their flag, so what else stands there is never looked at.
 */
import { type DatasetRecord, goldRecords, parseRecords } from "@swirl-ts/bench-kit"
import { SwirlError } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
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

/** The id as it is shown and grouped by; ids that are no text are told apart from those that are. */
export const idText = (id: unknown): string => (typeof id === "string" ? id : JSON.stringify(id))

export const predictionKeys = ["id", "predicted_answer", "predicted_support_idxs", "predicted_answerable"] as const

export const readGolds = (text: string): Gold[] => goldRecords(text, { name: "MuSiQue" }).map(readGold)

export const readPredictions = (text: string): Prediction[] =>
  parseRecords(text, "the predictions file").map((record) => {
    const read = fieldsOf(record, "predictions")
    const [id, answer, support, answerable] = predictionKeys.map(read)
    return { where: record.where, id, answer, support, answerable }
  })

function readGold(record: DatasetRecord): Gold {
  const { where } = record
  const read = fieldsOf(record, "gold records")
  const { synthetic, paragraphs, supporting_idxs, answer_aliases, answerable = true } = record.value as GoldFields
  return {
    where,
    id: read("id"),
    answers: [read("answer"), ...listOf(answer_aliases, where, "answer_aliases")],
    support:
      paragraphs === undefined
        ? listOf(supporting_idxs, where, "supporting_idxs")
        : supportOf(listOf(paragraphs, where, "paragraphs"), where),
    answerable,
    synthetic: synthetic === true,
  }
}

/** Golds made for scoring alone may leave these out: no aliases, no support, answerable. */
type GoldFields = Partial<
  Record<"synthetic" | "paragraphs" | "supporting_idxs" | "answer_aliases" | "answerable", unknown>
>

function listOf(value: unknown, where: string, key: string): unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw stop(where, `"${key}" is ${typeName(value)}, no list`)
}

const supportOf = (paragraphs: readonly unknown[], where: string): unknown[] =>
  paragraphs.flatMap((value, place) => {
    const read = fieldsOf({ where: `${where}, paragraph ${place}`, value }, "paragraphs")
    return truthy(read("is_supporting")) ? [read("idx")] : []
  })

function fieldsOf({ where, value }: DatasetRecord, what: string): (key: string) => unknown {
  if (!isObject(value)) {
    throw stop(where, `it is ${typeName(value)}, but MuSiQue's ${what} are objects`)
  }
  return (key) => {
    if (!Object.hasOwn(value, key)) throw stop(where, `"${key}" is missing`)
    return value[key]
  }
}

/** A gold text, which `lower()` works on. */
export function textOf(value: unknown, where: string, what: string): string {
  if (typeof value === "string") return value
  throw stop(where, `${what} is ${typeName(value)}, no text`)
}

export function goldIndexes({ support, where }: Gold): Set<number> {
  try {
    return integerSet(support)
  } catch (error) {
    if (error instanceof PythonError) throw stop(where, `an index of its support cannot be read (${error.message})`)
    throw error
  }
}

export const stop = (where: string, what: string): SwirlError =>
  new SwirlError(`${where}: ${what}. The official evaluate_v1.0.py stops there too; put the file right.`)
