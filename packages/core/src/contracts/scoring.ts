/** Scoring: how likely a model finds tokens that are given, each after those before it. An optional part of the Model contract. */
import type { Prompt } from "../prompts/prompt.ts"

/** Ids as they are; a text as the tokenizer begins one; or a conversation as the model is shown it. */
export type ScoringInput = { tokenIds: readonly number[] } | { text: string } | { prompt: Prompt }

export interface ScoredToken {
  /** `null` where the server keeps its ids to itself. */
  id: number | null
  /** As the tokenizer reads this token alone; control tokens by their names. */
  text: string
  /** Natural logarithm, at temperature 1. `null` for the first token, which nothing predicts. */
  logProbability: number | null
}

export type ScoreTokens = (input: ScoringInput, options?: { abortSignal?: AbortSignal }) => Promise<ScoredToken[]>
