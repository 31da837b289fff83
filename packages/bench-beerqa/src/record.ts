/** One record of BeerQA. `context` holds the gold paragraphs alone; the test file has neither it nor source nor answers. */
import { type DatasetRecord, readAs } from "@swirl-ts/bench-kit"
import type { Passage } from "@swirl-ts/core"
import { z } from "zod"

const ParagraphSchema = z.tuple([z.string(), z.string()])

const RecordSchema = z.object({
  id: z.string().min(1),
  question: z.string().min(1),
  answers: z.array(z.string()),
  /** `squad` or `hotpotqa` in the authors' files. */
  src: z.string().min(1),
  /** Absent where it is not known. */
  context: z.array(ParagraphSchema).nullish(),
})
/** What a split has that hides its answers; none is as good as absent there. */
const HiddenSchema = RecordSchema.extend({
  src: RecordSchema.shape.src.nullish(),
  answers: RecordSchema.shape.answers.nullish().transform((answers) => (answers?.length ? answers : undefined)),
})
export type BeerqaRecord = z.output<typeof HiddenSchema>

/** `hidden`: the split need not have more than ids and questions. */
export const readRecord = (record: DatasetRecord, hidden = false): BeerqaRecord =>
  readAs(hidden ? HiddenSchema : RecordSchema, record, "BeerQA's records have id, src, answers, question and context.")

/** The gold paragraphs as passages. */
export const passagesOf = ({ context }: Pick<BeerqaRecord, "context">): Passage[] =>
  (context ?? []).map(([title, text]) => ({ title, text: text.trim() }))
