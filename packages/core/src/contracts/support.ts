/**
 * A tool's own rule for judges of steps: is a call supported by what stands in the conversation before it? Like the judges,
 * it is shown the question and earlier results, and no reference answer, plan or task.
 */

export interface SeenResult {
  /** As the model called it. */
  tool: string
  /** As the model wrote it. */
  input: unknown
  text: string
}

export interface Seen {
  question: string
  /** Of every tool, in order; a call that failed or found nothing gave none. */
  results: readonly SeenResult[]
}

export interface Support {
  supported: boolean
  /** In words, for the verdict. */
  reason: string
}

/** Undefined where it cannot say: such a step is unscored. */
export type SupportRule<Input> = (input: Input, seen: Seen) => Support | undefined | Promise<Support | undefined>
