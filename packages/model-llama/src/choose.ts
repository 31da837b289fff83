/**
 * Draws a token from the model's own probabilities at another temperature, or from their best part. Used where llama.cpp
 * would report the probability under the changed distribution instead of the model's own.
 */
import { random, seedFrom } from "@swirl-ts/core"

export interface Choice {
  temperature: number
  topP: number
  /** 0: all. */
  topK: number
  seed: number
}

/** `probabilities`: best first, at temperature 1. The draw at `position` depends on seed and position alone. */
export function chooseToken(probabilities: ReadonlyMap<number, number>, choice: Choice, position: number): number {
  const candidates: { token: number; weight: number }[] = []
  let best: number | undefined
  for (const [token, probability] of probabilities) {
    if (choice.topK > 0 && candidates.length >= choice.topK) break
    if (probability <= 0) break
    best ??= probability
    candidates.push({ token, weight: (probability / best) ** (1 / choice.temperature) })
  }
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0)
  // The smallest set of best tokens that holds at least topP of the weight.
  let mass = 0
  let kept = 0
  while (kept < candidates.length && (kept === 0 || mass < choice.topP * total)) mass += candidates[kept++]!.weight
  let draw = random(seedFrom(choice.seed, position)).next() * mass
  for (let index = 0; index < kept; index++) {
    draw -= candidates[index]!.weight
    if (draw < 0) return candidates[index]!.token
  }
  return candidates[Math.max(0, kept - 1)]!.token
}

/** True where llama.cpp's own sampler draws from, or picks the best of, exactly the model's distribution. */
export const isOwnDistribution = ({ temperature, topP, topK }: Omit<Choice, "seed">): boolean =>
  temperature === 0 || (temperature === 1 && topP >= 1 && topK === 0)
