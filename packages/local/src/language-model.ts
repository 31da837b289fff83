/** A policy behind the Model contract, over a decode loop that others may use too. */
import { type LanguageModel, type PolicyText, tokenLanguageModel } from "@swirl-ts/core"
import { logProbabilities, type TransformerModel } from "@swirl-ts/transformer"
import type { DecodeLoop } from "./decode-loop.ts"
import { generateTurn } from "./turn.ts"

export interface LocalModelParts {
  modelId: string
  text: PolicyText
  loop: DecodeLoop
  /** The weights that the loop decodes with. */
  weights: TransformerModel
  /** Tokens a conversation may have. */
  contextSize: number
}

export function localLanguageModel({ modelId, text, loop, weights, contextSize }: LocalModelParts): LanguageModel {
  return tokenLanguageModel({
    provider: "local",
    modelId,
    contextSize,
    conversation: text.conversation,
    generate: (request) => generateTurn(loop, text.codec, request, [...text.stops, ...request.stopSequences]),
    scoring: {
      encode: text.encodeWhole,
      tokenText: text.tokenText,
      vocabularySize: weights.config.vocabularySize,
      logProbabilities: async (tokenIds) => logProbabilities(weights, [tokenIds])[0]!,
    },
  })
}
