/** Scoring over anything that scores ids. Invariant: what is scored are the ids of the input as the model would be shown it, none added. */
import { ContextOverflowError } from "../contracts/context-overflow.ts"
import type { ConversationTokens } from "../contracts/conversation-tokens.ts"
import type { ScoreTokens, ScoringInput } from "../contracts/scoring.ts"
import { SwirlError } from "../errors.ts"

export interface ScoringParts {
  /** Ids of a text, with what the tokenizer begins one with. */
  encode(text: string): number[]
  /** Text of one token, control tokens included. */
  tokenText(tokenId: number): string
  /** One an id but the first. */
  logProbabilities(tokenIds: readonly number[], abortSignal?: AbortSignal): Promise<ArrayLike<number>>
  vocabularySize?: number
}

export interface ScoredModel {
  modelId: string
  conversation: ConversationTokens
  contextSize: number
}

export function createScoreTokens(
  { encode, tokenText, logProbabilities, vocabularySize = Number.POSITIVE_INFINITY }: ScoringParts,
  { modelId, conversation, contextSize }: ScoredModel,
): ScoreTokens {
  const idsOf = (input: ScoringInput): readonly number[] => {
    if ("tokenIds" in input) return input.tokenIds
    if ("text" in input) return encode(input.text)
    return conversation.start(input.prompt, { opensTurn: input.prompt.at(-1)?.role !== "assistant" })
  }
  return async (input, { abortSignal } = {}) => {
    abortSignal?.throwIfAborted()
    const ids = idsOf(input)
    const wrong = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize)
    if (wrong >= 0) {
      const range = Number.isFinite(vocabularySize) ? `ids from 0 to ${vocabularySize - 1}` : "whole numbers from 0"
      throw new SwirlError(`Token ${wrong} has the id ${ids[wrong]}; ${modelId} has ${range}.`, { kind: "usage" })
    }
    if (ids.length > contextSize) {
      throw new ContextOverflowError(
        `There are ${ids.length} tokens to score; the context of ${modelId} has ${contextSize}.`,
      )
    }
    const values = ids.length > 1 ? await logProbabilities(ids, abortSignal) : []
    return ids.map((id, index) => ({
      id,
      text: tokenText(id),
      logProbability: index === 0 ? null : values[index - 1]!,
    }))
  }
}
