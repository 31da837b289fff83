/**
 * Questions that a policy has seen, and the leaks found by them: a question that is measured on and was seen before. What a
 * training has seen stands beside its checkpoints, in `seen.jsonl`, and follows them.
 */
import { z } from "zod"

/**
 * What a question was seen for: its trajectories were trained on (`training`), or were judged and left out by filter or
 * budget (`selection`); the training was watched on it (`roll-outs`); a prompt showed it worked (`worked-example`).
 */
export const SeenUseSchema = z.enum(["training", "selection", "roll-outs", "worked-example"])
export type SeenUse = z.infer<typeof SeenUseSchema>

/** A question with what leaks are found by. */
export const KnownQuestionSchema = z.object({
  /** Full name, e.g. `bench-gsm8k/gsm8k`. */
  benchmark: z.string(),
  split: z.string(),
  /** Absent for worked examples, which are no tasks. */
  taskId: z.string().optional(),
  question: z.string(),
  /** Of the passages that hold the answer's facts. */
  titles: z.array(z.string()).optional(),
  /** Questions on the way to the answer. */
  subQuestions: z.array(z.string()).optional(),
  /** Put together by a program: that it shares long phrases with others says nothing. */
  isGenerated: z.boolean().optional(),
})
export type KnownQuestion = z.infer<typeof KnownQuestionSchema>

export const SeenQuestionSchema = KnownQuestionSchema.extend({
  schema: z.literal("swirl.seen-question/1"),
  use: SeenUseSchema,
  /** Name of the training that has seen it; absent for what the evaluation itself shows. */
  training: z.string().optional(),
})
export type SeenQuestion = z.infer<typeof SeenQuestionSchema>

/** Strongest first. The first two are the very question; the others have something to do with it. */
export const leakKinds = ["id", "question", "sub-question", "titles", "13-gram"] as const
export type LeakKind = (typeof leakKinds)[number]

export const LeakSchema = z.object({
  kind: z.enum(leakKinds),
  /** What was seen. */
  seen: SeenQuestionSchema.pick({ benchmark: true, split: true, taskId: true, use: true, training: true }),
})
export type Leak = z.infer<typeof LeakSchema>

/** How many questions leak, by kind. */
export type LeakCounts = Partial<Record<LeakKind, number>>

/** `refuse`: the very question stops the command, the rest is reported; `report`: all is; `off`: nothing is looked for. */
export const leakModes = ["refuse", "report", "off"] as const
export type LeakMode = (typeof leakModes)[number]
