/** The table behind the Model contract, over weights that may change while it is used. */
import { type LanguageModel, tokenLanguageModel } from "@swirl-ts/core"
import { conversation, decode } from "./letters.ts"
import { sampleSequence } from "./sample.ts"
import type { Table } from "./table.ts"

/** `weights` is asked at every call. */
export const tableModel = (modelId: string, weights: () => Table): LanguageModel =>
  tokenLanguageModel({
    provider: "table",
    modelId,
    conversation,
    contextSize: 4096,
    async generate({ promptTokenIds, ...request }) {
      const sequence = sampleSequence(weights(), promptTokenIds, request)
      return { ...sequence, text: decode(sequence.tokenIds) }
    },
  })
