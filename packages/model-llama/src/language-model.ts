/** A loaded GGUF model behind the Model contract: each call runs alone on the sequence that knows most of its prompt. */
import { type LanguageModel, type TextCodec, tokenLanguageModel } from "@swirl-ts/core"
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
  return tokenLanguageModel({
    provider: "llama",
    modelId,
    contextSize,
    conversation: conversation.tokens,
    generate: (request) =>
      pool.with(request.promptTokenIds, (sequence) =>
        generateTurn(sequence, codec, request, [...conversation.stops, ...request.stopSequences]),
      ),
  })
}
