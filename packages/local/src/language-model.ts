/** A policy behind the Model contract, over a decode loop that others may use too. */
import { type LanguageModel, tokenLanguageModel } from "@swirl-ts/core"
import type { DecodeLoop } from "./decode-loop.ts"
import type { PolicyText } from "./policy.ts"
import { generateTurn } from "./turn.ts"

export interface LocalModelParts {
  modelId: string
  text: PolicyText
  loop: DecodeLoop
  /** Tokens a conversation may have. */
  contextSize: number
}

export function localLanguageModel({ modelId, text, loop, contextSize }: LocalModelParts): LanguageModel {
  return tokenLanguageModel({
    provider: "local",
    modelId,
    contextSize,
    conversation: text.conversation,
    generate: (request) => generateTurn(loop, text.codec, request, [...text.stops, ...request.stopSequences]),
  })
}
