/** Corpus coverage of the questions of an evaluation, `coverage.json`: what each needs, by title, and what its corpus lacks of it. */
import { z } from "zod"

export const QuestionCoverageSchema = z.object({
  /** Id of the corpus it is searched in. */
  corpus: z.string(),
  /** Titles of the passages that the answer needs; empty where the benchmark does not know them. */
  gold: z.array(z.string()),
  /** Those of them that no passage of the corpus has. */
  missing: z.array(z.string()),
})
export type QuestionCoverage = z.infer<typeof QuestionCoverageSchema>

export const CoverageSchema = z.object({
  schema: z.literal("swirl.coverage/1"),
  /** By `<benchmark>/<split>`, the benchmark in full, then by task. */
  cells: z.record(z.string(), z.record(z.string(), QuestionCoverageSchema)),
})
export type CoverageRecord = z.infer<typeof CoverageSchema>
