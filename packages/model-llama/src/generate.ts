/**
 * One model turn on one sequence. Invariant: ids and log-probabilities are those of the tokens that were sampled, the
 * log-probabilities under the model's own distribution at temperature 1, whatever temperature sampled them.
 */
import { cutAtStop, type TokenRequest, type TokenTurn } from "@swirl-ts/core"
import { type Choice, chooseToken, isOwnDistribution } from "./choose.ts"
import type { LlamaSequence, SampledToken } from "./peer.ts"
import { sharedLength } from "./sequences.ts"

export interface TurnModel {
  decode(tokenIds: readonly number[]): string
  isEndOfTurn(tokenId: number): boolean
}

export async function generateTurn(
  sequence: LlamaSequence,
  model: TurnModel,
  request: TokenRequest,
  stops: readonly (string | RegExp)[],
): Promise<TokenTurn> {
  const { promptTokenIds, maxTokens, seed, abortSignal } = request
  abortSignal?.throwIfAborted()
  const tokenIds: number[] = []
  const logProbabilities: number[] = []
  const result = (finishReason: "stop" | "length", text = model.decode(tokenIds)): TokenTurn => ({
    text,
    tokenIds,
    logProbabilities,
    finishReason,
  })
  if (maxTokens <= 0) return result("length")

  // At temperature 0 and 1 llama.cpp leaves the distribution as it is; otherwise the draw is made here, from the full one.
  const own = isOwnDistribution(request)
  const stream = sequence.evaluateWithMetadata(
    await feed(sequence, promptTokenIds),
    own ? { confidence: true } : { probabilities: true },
    { temperature: own ? request.temperature : 0, topK: 0, topP: 1, minP: 0, seed, yieldEogToken: true },
  )
  try {
    let chosen: number | undefined
    for (;;) {
      abortSignal?.throwIfAborted()
      const { value, done } = chosen === undefined ? await stream.next() : await stream.next(chosen)
      if (done) return result("length")
      const { token, probability } = own ? ownToken(value) : drawnToken(value, request, tokenIds.length)
      chosen = own ? undefined : token
      tokenIds.push(token)
      logProbabilities.push(Math.log(probability))
      if (model.isEndOfTurn(token)) return result("stop")
      const text = stops.length > 0 ? cutAtStop(model.decode(tokenIds), stops) : undefined
      if (text !== undefined) return result("stop", text)
      if (tokenIds.length >= maxTokens) return result("length")
    }
  } finally {
    await stream.return()
  }
}

const ownToken = (sampled: SampledToken) => ({ token: sampled.token, probability: sampled.confidence ?? Number.NaN })

function drawnToken({ probabilities }: SampledToken, choice: Choice, position: number) {
  const token = chooseToken(probabilities!, choice, position)
  return { token, probability: probabilities!.get(token)! }
}

/** Cuts the cache back to what it shares with the prompt and returns the ids still to be fed, at least one. */
async function feed(sequence: LlamaSequence, prompt: readonly number[]): Promise<number[]> {
  const shared = Math.min(sharedLength(sequence.contextTokens, prompt), prompt.length - 1)
  if (shared === 0) await sequence.clearHistory()
  else await sequence.adaptStateToTokens(prompt.slice(0, shared), false)
  return prompt.slice(sequence.nextTokenIndex)
}
