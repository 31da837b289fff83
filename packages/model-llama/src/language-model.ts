/** A loaded GGUF model behind the Model contract: each call runs alone on the sequence that knows most of its prompt. */
import { type LanguageModel, type TextCodec, tokenLanguageModel } from "@swirl-ts/core"
import { begun, type ModelConversation } from "./codec.ts"
import { generateTurn } from "./generate.ts"
import type { LlamaModel, LlamaSequence } from "./peer.ts"
import { scoreTokens } from "./score.ts"
import type { SequencePool } from "./sequences.ts"

export interface LlamaParts {
  modelId: string
  model: LlamaModel
  codec: TextCodec
  conversation: ModelConversation
  pool: SequencePool<LlamaSequence>
  contextSize: number
}

export function languageModel({ modelId, model, codec, conversation, pool, contextSize }: LlamaParts): LanguageModel {
  return tokenLanguageModel({
    provider: "llama",
    modelId,
    contextSize,
    conversation: conversation.tokens,
    generate: (request) =>
      pool.with(request.promptTokenIds, (sequence) =>
        generateTurn(sequence, codec, request, [...conversation.stops, ...request.stopSequences]),
      ),
    scoring: {
      encode: (text) => begun(model, codec.encode(text)),
      tokenText: (tokenId) => model.detokenize([tokenId], true),
      logProbabilities: (tokenIds) => pool.with(tokenIds, (sequence) => scoreTokens(sequence, tokenIds)),
    },
  })
}
