// Generating for a list of requests, to the end, in the order given.

import { type DecoderOptions, type Generation, type GenerationRequest, makeDecoder } from "./decoder.ts"
import type { TransformerModel } from "./transformer-model.ts"

/** Runs all requests through one decoder; result i belongs to request i. Equal prompts are fed once. */
export function generate(
  model: TransformerModel,
  requests: readonly GenerationRequest[],
  options: DecoderOptions = {},
): Generation[] {
  const decoder = makeDecoder(model, options)
  try {
    const results: Generation[] = []
    for (const request of requests) decoder.add(request)
    while (decoder.pending > 0) for (const { id, generation } of decoder.step()) results[id] = generation
    return results
  } finally {
    decoder.dispose()
  }
}
