/**
 * One record of a MuSiQue file as a task needs it, from the official JSON Lines or the hub's Parquet. Fields that only
 * scoring needs are not asked for here; the test files hold no answers. A record that is none is named with its field.
 */
import { type DatasetRecord, readAs } from "@swirl-ts/bench-kit"
import type { Passage } from "@swirl-ts/core"
import { z } from "zod"

const optional = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? undefined)
const withDefault = <S extends z.ZodType, D>(schema: S, absent: D) =>
  schema.nullish().transform((value) => value ?? absent)

const RecordSchema = z.object({
  /** `2hop__460946_294723`: the part before `__` is the shape of the reasoning. */
  id: z.string().min(1),
  question: z.string().min(1),
  paragraphs: z.array(
    z.object({
      idx: z.int(),
      title: z.string(),
      paragraph_text: z.string(),
      is_supporting: optional(z.boolean()),
    }),
  ),
  question_decomposition: withDefault(
    z.array(
      z.looseObject({
        question: z.string(),
        answer: z.string(),
        paragraph_support_idx: withDefault(z.int(), null),
      }),
    ),
    [],
  ),
  answer: optional(z.string()),
  answer_aliases: withDefault(z.array(z.string()), []),
  answerable: withDefault(z.boolean(), true),
  /** Ours: a twin made by this package. */
  synthetic: withDefault(z.boolean(), false),
})
export type MusiqueRecord = z.output<typeof RecordSchema>
export type Paragraph = MusiqueRecord["paragraphs"][number]

export const readRecord = (record: DatasetRecord): MusiqueRecord =>
  readAs(
    RecordSchema,
    record,
    "MuSiQue records have id, question, paragraphs, question_decomposition, answer, answer_aliases and answerable.",
  )

export const passagesOf = ({ paragraphs }: Pick<MusiqueRecord, "paragraphs">): Passage[] =>
  paragraphs.map(({ title, paragraph_text }) => ({ title, text: paragraph_text }))
