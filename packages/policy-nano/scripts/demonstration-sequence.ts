/** A demonstration as ids with a weight each: 1 on model turns, .15 on what the environment says, 0 on the prompt. */
import type { Demonstration } from "@swirl-ts/bench-sandbox/demonstration"
import { encode } from "./nano-tokenizer.ts"

export interface Episode {
  tokenIds: number[]
  /** One a token; the loss of predicting it counts this much. */
  weights: number[]
}

const environmentWeight = 0.15

/** The whole conversation as the chat template writes it. */
export const conversationText = ({ prompt, steps }: Demonstration): string =>
  `<user> ${prompt}<end>${steps
    .map(({ turn, reply }) => `<model>${turn}<end>${reply === undefined ? "" : `<user> ${reply}<end>`}`)
    .join("")}`

/** Cut off after `longest` tokens. */
export function makeEpisode({ prompt, steps }: Demonstration, longest: number): Episode {
  const tokenIds: number[] = []
  const weights: number[] = []
  const add = (text: string, weight: number): void => {
    for (const id of encode(text)) {
      tokenIds.push(id)
      weights.push(weight)
    }
  }
  add(`<user> ${prompt}<end>`, 0)
  for (const { turn, reply } of steps) {
    add("<model>", environmentWeight)
    add(`${turn}<end>`, 1)
    if (reply !== undefined) add(`<user> ${reply}<end>`, environmentWeight)
  }
  return { tokenIds: tokenIds.slice(0, longest), weights: weights.slice(0, longest) }
}
