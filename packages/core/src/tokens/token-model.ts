/** The Model contract over anything that continues token ids: what `providerOptions` and `providerMetadata` mean, in one place. */

import { ContextOverflowError } from "../contracts/context-overflow.ts"
import { type ConversationTokens, offeringTools } from "../contracts/conversation-tokens.ts"
import type { LanguageModel, SwirlOptions, TokenMetadata } from "../contracts/model.ts"
import { SwirlError } from "../errors.ts"
import { createScoreTokens, type ScoringParts } from "./score-tokens.ts"

/** Ids to continue, with every setting filled in. */
export interface TokenRequest {
  promptTokenIds: number[]
  maxTokens: number
  /** 0 is greedy. */
  temperature: number
  topP: number
  /** 0: all. */
  topK: number
  /** In [0, 2^32). */
  seed: number
  stopSequences: readonly string[]
  abortSignal?: AbortSignal
}

export interface TokenTurn extends Omit<TokenMetadata, "promptTokenIds"> {
  text: string
}

export interface TokenModelParts {
  provider: string
  modelId: string
  conversation: ConversationTokens
  /** Tokens a conversation may have, its next turn included. */
  contextSize: number
  generate(request: TokenRequest): Promise<TokenTurn>
  /** Left out where the model only generates. */
  scoring?: ScoringParts
}

export function tokenLanguageModel(parts: TokenModelParts): LanguageModel {
  const { provider, modelId, contextSize } = parts
  const doGenerate: LanguageModel["doGenerate"] = async (options) => {
    const isOffered = options.toolChoice?.type !== "none"
    const conversation = offeringTools(parts.conversation, (isOffered && options.tools) || [])
    options.abortSignal?.throwIfAborted()
    const swirl = (options.providerOptions?.swirl ?? {}) as SwirlOptions
    const promptTokenIds = swirl.promptTokenIds ?? conversation.start(options.prompt)
    const room = contextSize - promptTokenIds.length
    if (promptTokenIds.length === 0) throw new SwirlError("The prompt has no tokens; there is nothing to continue.")
    if (room <= 0) {
      throw new ContextOverflowError(
        `The conversation has ${promptTokenIds.length} tokens, the context of ${modelId} ${contextSize}. Lower the limits of the run.`,
      )
    }
    const { text: written, ...turn } = await parts.generate({
      promptTokenIds,
      maxTokens: Math.min(options.maxOutputTokens ?? room, room),
      temperature: options.temperature ?? 1,
      topP: options.topP ?? 1,
      topK: options.topK ?? 0,
      seed: (swirl.seed ?? options.seed ?? 0) >>> 0,
      stopSequences: options.stopSequences ?? [],
      abortSignal: options.abortSignal,
    })
    const { text, toolCalls, callProblem } = conversation.read?.(turn.tokenIds, written) ?? {
      text: written,
      toolCalls: [],
    }
    const tokens: TokenMetadata = { promptTokenIds, ...turn, ...(callProblem === undefined ? {} : { callProblem }) }
    return {
      content: [{ type: "text", text }, ...toolCalls.map((call) => ({ type: "tool-call", ...call }))],
      finishReason: {
        unified: toolCalls.length > 0 && turn.finishReason === "stop" ? "tool-calls" : turn.finishReason,
        raw: turn.finishReason,
      },
      usage: { inputTokens: { total: promptTokenIds.length }, outputTokens: { total: turn.tokenIds.length } },
      providerMetadata: { swirl: { ...tokens } },
      warnings: [],
    }
  }
  const score = parts.scoring && createScoreTokens(parts.scoring, parts)
  const { conversation } = parts
  return { specificationVersion: "v3", provider, modelId, doGenerate, conversation, ...(score ? { score } : {}) }
}
