/** One token after another. A sequence is a function of weights, prompt, seed and limits: nothing else is drawn from its stream. */
import { random, type SampledSequence } from "@swirl-ts/core"
import { endOfTurn } from "./letters.ts"
import { logProbabilitiesAfter, type Table } from "./table.ts"

export interface SamplingRequest {
  maxTokens: number
  /** 0 is greedy. */
  temperature: number
  seed: number
}

export function sampleSequence(
  table: Table,
  prompt: readonly number[],
  { maxTokens, temperature, seed }: SamplingRequest,
): SampledSequence {
  const source = random(seed)
  const tokenIds: number[] = []
  const logProbabilities: number[] = []
  let last = prompt.at(-1) ?? 0
  while (tokenIds.length < maxTokens && tokenIds.at(-1) !== endOfTurn) {
    const all = logProbabilitiesAfter(table, last)
    last = temperature === 0 ? all.indexOf(Math.max(...all)) : draw(all, temperature, source.next())
    tokenIds.push(last)
    // Under the policy itself, whatever the temperature.
    logProbabilities.push(all[last]!)
  }
  return { tokenIds, logProbabilities, finishReason: tokenIds.at(-1) === endOfTurn ? "stop" : "length" }
}

function draw(logProbabilities: Float64Array, temperature: number, uniform: number): number {
  const top = Math.max(...logProbabilities)
  const weights = logProbabilities.map((value) => Math.exp((value - top) / temperature))
  let rest = uniform * weights.reduce((sum, weight) => sum + weight, 0)
  const drawn = weights.findIndex((weight) => {
    rest -= weight
    return rest < 0
  })
  return drawn < 0 ? weights.length - 1 : drawn
}
