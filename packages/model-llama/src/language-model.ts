/** A loaded GGUF model behind the Model contract. */
import { type GenerateOptions, type LanguageModel, SwirlError, type SwirlOptions, type TextCodec } from "@swirl-ts/core"
import type { ModelConversation } from "./codec.ts"
import { generateTurn } from "./generate.ts"
import type { LlamaSequence } from "./peer.ts"
import type { SequencePool } from "./sequences.ts"

export interface LlamaParts {
  modelId: string
  codec: TextCodec
  conversation: ModelConversation
  pool: SequencePool<LlamaSequence>
  contextSize: number
}

export function languageModel({ modelId, codec, conversation, pool, contextSize }: LlamaParts): LanguageModel {
  const doGenerate: LanguageModel["doGenerate"] = async (options) => {
    if (options.tools?.length) {
      throw new SwirlError("llama: models have no tool calls of their own. Use the action format tags.", {
        kind: "usage",
      })
    }
    const swirl = (options.providerOptions?.swirl ?? {}) as SwirlOptions
    const promptTokenIds = swirl.promptTokenIds ?? conversation.tokens.start(options.prompt)
    const room = contextSize - promptTokenIds.length
    if (promptTokenIds.length === 0 || room <= 0) {
      throw new SwirlError(
        promptTokenIds.length === 0
          ? "The prompt has no tokens; there is nothing to continue."
          : `The conversation has ${promptTokenIds.length} tokens, the model's context ${contextSize}. Lower the limits, or raise the option contextSize.`,
      )
    }
    const { text, tokens } = await pool.with(promptTokenIds, (sequence) => {
      options.abortSignal?.throwIfAborted()
      return generateTurn(sequence, codec, {
        promptTokenIds,
        maxOutputTokens: Math.min(options.maxOutputTokens ?? room, room),
        ...sampling(options, swirl),
        stops: [...conversation.stops, ...(options.stopSequences ?? [])],
        ...(options.abortSignal ? { abortSignal: options.abortSignal } : {}),
      })
    })
    return {
      content: [{ type: "text", text }],
      finishReason: { unified: tokens.finishReason, raw: tokens.finishReason },
      usage: { inputTokens: { total: promptTokenIds.length }, outputTokens: { total: tokens.tokenIds.length } },
      providerMetadata: { swirl: { ...tokens } },
      warnings: [],
    }
  }
  return { specificationVersion: "v3", provider: "llama", modelId, doGenerate, conversation: conversation.tokens }
}

const sampling = (options: GenerateOptions, swirl: SwirlOptions) => ({
  temperature: options.temperature ?? 1,
  topP: options.topP ?? 1,
  topK: options.topK ?? 0,
  seed: (swirl.seed ?? options.seed ?? 0) >>> 0,
})
