/**
 * What is known of trajectories that other tools have made: `imported.jsonl` has one record each, beside the trajectory; and
 * `imports.json` what was read into the folder. Scores of other tools are kept here as they are, under their scorers' names.
 */
import { z } from "zod"

/** Owner, in full names, of questions that belong to no benchmark: `imported/<name>`. */
export const importedOwner = "imported"

export const isImportedBenchmark = (fullName: string): boolean => fullName.startsWith(`${importedOwner}/`)

export const ForeignScoreSchema = z.object({
  /** As the other tool calls it; `scorer/part` where one scorer gives several values. */
  scorer: z.string(),
  /** As the other tool wrote it. */
  value: z.unknown(),
  /** What it counts as, where that is known: by the other tool's own convention. */
  number: z.number().optional(),
  /** What the scorer took for the answer. */
  answer: z.string().optional(),
  explanation: z.string().optional(),
})
export type ForeignScore = z.infer<typeof ForeignScoreSchema>

/** Who made a log. */
export const ProducerSchema = z.object({ tool: z.string(), version: z.string().optional() })
export type Producer = z.infer<typeof ProducerSchema>

/** How often each thing was met that a trajectory does not hold as it was, in words. */
export const LossesSchema = z.record(z.string(), z.int())
export type Losses = z.infer<typeof LossesSchema>

export const ImportedSchema = z.object({
  schema: z.literal("swirl.imported/1"),
  /** The trajectory's. */
  id: z.string(),
  format: z.string(),
  source: z.object({
    /** Name, without its folder. */
    file: z.string(),
    /** SHA-256 of the file as it was read. */
    digest: z.string(),
    /** Name inside of an archive. */
    entry: z.string().optional(),
    /** From 1. */
    line: z.int().optional(),
    /** What the log calls it. */
    id: z.string().optional(),
    /** The same for the same conversation in every file that has it, as it grows. */
    key: z.string(),
    /** Which turn of the user it answers, from 1: a conversation is a trajectory for each. */
    turn: z.int(),
  }),
  producer: ProducerSchema,
  license: z.string().optional(),
  /** Every model that spoke in it, as the log names them. */
  models: z.array(z.string()),
  /** As the trajectory has them. */
  policy: z.string(),
  benchmark: z.string(),
  split: z.string(),
  taskId: z.string(),
  epoch: z.int().nonnegative(),
  question: z.string(),
  /** Answers that the log calls right. */
  references: z.array(z.string()).optional(),
  scores: z.array(ForeignScoreSchema).optional(),
  /** Whose score was said to stand for the others (`--scorer`). */
  scorer: z.string().optional(),
  /** The limit that ended it, as the log names it. */
  limit: z.string().optional(),
  error: z.string().optional(),
  /** Tries before this one. */
  retries: z.int().optional(),
  lost: LossesSchema.optional(),
})
export type ImportedRecord = z.infer<typeof ImportedSchema>

const ImportedFileSchema = z.object({
  format: z.string(),
  file: z.string(),
  digest: z.string(),
  producer: ProducerSchema,
  license: z.string().optional(),
  conversations: z.int(),
  trajectories: z.int(),
  lost: LossesSchema,
})

/** Questions of one name, which is that of a benchmark of their own: `imported/<name>`. */
const ImportedQuestionsSchema = z.object({
  /** Tools that the models were offered, or called where the log does not say what was offered. */
  tools: z.array(
    z.object({ name: z.string(), description: z.string(), inputSchema: z.record(z.string(), z.unknown()) }),
  ),
})

export const ImportsSchema = z.object({
  schema: z.literal("swirl.imports/1"),
  /** One after another; a file that has grown is there once more. */
  files: z.array(ImportedFileSchema),
  /** By the full name of their benchmark. */
  questions: z.record(z.string(), ImportedQuestionsSchema),
})
export type Imports = z.infer<typeof ImportsSchema>
