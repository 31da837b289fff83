/**
 * One record of a MuSiQue file as a task needs it, from the official JSON Lines or the hub's Parquet. Fields that only
 * scoring needs are not asked for here; the test files hold no answers. A record that is none is named with its field.
 */
import { type DatasetRecord, readRecords } from "@swirl-ts/bench-kit"
import { type Passage, SwirlError, schemaProblem } from "@swirl-ts/core"
import { z } from "zod"

const optional = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? undefined)

export const RecordSchema = z.object({
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
  question_decomposition: z
    .array(
      z.looseObject({
        question: z.string(),
        answer: z.string(),
        paragraph_support_idx: z
          .int()
          .nullish()
          .transform((value) => value ?? null),
      }),
    )
    .nullish()
    .transform((value) => value ?? []),
  answer: optional(z.string()),
  answer_aliases: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  answerable: z
    .boolean()
    .nullish()
    .transform((value) => value ?? true),
  /** Ours: a twin made by this package. */
  synthetic: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
})
export type MusiqueRecord = z.output<typeof RecordSchema>
export type Paragraph = MusiqueRecord["paragraphs"][number]

/** A record, or an error with where it stands and which field is wrong. */
export function readRecord({ where, value }: DatasetRecord): MusiqueRecord {
  const result = RecordSchema.safeParse(value)
  if (result.success) return result.data
  const what = schemaProblem(result.error.issues[0]!, value)
  const { answers, context } = (value ?? {}) as { answers?: unknown; context?: unknown }
  const hint =
    answers !== undefined
      ? ' It has "answers", so it may be a BeerQA file.'
      : context !== undefined
        ? ' It has "context", so it may be a HotpotQA or CofCA file.'
        : ""
  throw new SwirlError(
    `${where}: ${what}. MuSiQue records have id, question, paragraphs, question_decomposition, answer, answer_aliases and answerable.${hint}`,
  )
}

/** Every record of some files, streamed in order. */
export async function* recordsOf(files: readonly string[]): AsyncGenerator<MusiqueRecord & { where: string }> {
  for (const file of files) {
    // MuSiQue's files have no "data"; BeerQA's have, and are to be told by their records.
    for await (const record of readRecords(file, { at: "data" })) yield { ...readRecord(record), where: record.where }
  }
}

export const passageOf = ({ title, paragraph_text }: Paragraph): Passage => ({ title, text: paragraph_text })
