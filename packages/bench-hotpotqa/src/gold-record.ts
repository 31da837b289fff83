/** A gold record as scoring reads it: only id, answer and facts, so that records without paragraphs, type or level are good. */
import { type DatasetRecord, otherDataSet } from "@swirl-ts/bench-kit"
import { SwirlError } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { RecordSchema } from "./record.ts"

export interface GoldRecord {
  where: string
  /** As people see it among the items. */
  name: string
  /** `_id` as it stands, or `id` (Hugging Face). */
  id: unknown
  answer: unknown
  /** `supporting_facts` as pairs; undefined where the record has none. */
  facts: unknown
}

export function readGold({ where, value }: DatasetRecord): GoldRecord {
  if (!isObject(value)) {
    throw new SwirlError(`${where} is no object with "_id", "answer" and "supporting_facts".`)
  }
  // The official script would stop at such a record; read as Hugging Face's schema it would give a number.
  const other = "_id" in value ? "" : otherDataSet(RecordSchema, value)
  if (other) throw new SwirlError(`${where} is no record of HotpotQA.${other}`)
  const id = "_id" in value ? value._id : value.id
  if (id === undefined) throw new SwirlError(`${where}: the key "_id" (Hugging Face: "id") is missing.`)
  const name = typeof id === "string" ? id : where
  return { where, name, id, answer: value.answer, facts: pairs(value.supporting_facts) }
}

/** Hugging Face's parallel lists as pairs, as many as the shorter one has; everything else as it is. */
function pairs(facts: unknown): unknown {
  const { title, sent_id } = isObject(facts) ? facts : {}
  if (!Array.isArray(title) || !Array.isArray(sent_id)) return facts ?? undefined
  return title.slice(0, sent_id.length).map((name, index) => [name, sent_id[index]])
}
