/** Log-probabilities of given tokens. Invariant: under the model's own distribution at temperature 1, over its whole vocabulary. */
import { SwirlError } from "@swirl-ts/core"
import type { ControlledInput, LlamaSequence } from "./peer.ts"

/** One a token but the first; nothing is taken from the cache, since what is in it was evaluated without its logits. */
export async function scoreTokens(sequence: LlamaSequence, tokenIds: readonly number[]): Promise<number[]> {
  await sequence.clearHistory()
  const following = tokenIds.slice(1)
  const results = await sequence.controlledEvaluate([
    ...tokenIds
      .slice(0, -1)
      .map((token, index): ControlledInput => [token, { generateNext: asking(following[index]!) }]),
  ])
  return following.map((token, index) => {
    const { logits, totalLogitWeight } = results[index]?.next ?? {}
    const logit = logits?.get(token)
    if (logit === undefined || totalLogitWeight === undefined)
      throw new SwirlError(`llama.cpp gave no log-probability for token ${index + 1} of ${tokenIds.length}.`)
    return logit - Math.max(...logits!.values()) - Math.log(totalLogitWeight)
  })
}

/** The token itself, and the most likely one, which the total weight is measured by. */
const asking = (token: number) => ({
  logits: { filter: { tokens: [token], includeTop: 1 } },
  totalLogitWeight: true as const,
  options: { temperature: 1, topK: 0, topP: 1, minP: 0 },
})
