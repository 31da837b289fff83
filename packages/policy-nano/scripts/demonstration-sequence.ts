/** A demonstration as ids with a coefficient each: 1 on model turns, .15 on what the environment says, 0 on the prompt. */
import type { Demonstration } from "@swirl-ts/bench-sandbox/demonstration"
import { encode } from "./nano-tokenizer.ts"

export interface DemonstrationSequence {
  tokenIds: number[]
  /** One a token; the loss of predicting it counts this much. */
  coefficients: number[]
}

const environmentCoefficient = 0.15

/** The whole conversation as the chat template writes it. */
export const conversationText = ({ prompt, steps }: Demonstration): string =>
  `<user> ${prompt}<end>${steps
    .map(({ turn, reply }) => `<model>${turn}<end>${reply === undefined ? "" : `<user> ${reply}<end>`}`)
    .join("")}`

/** Cut off after `longest` tokens. */
export function demonstrationSequence({ prompt, steps }: Demonstration, longest: number): DemonstrationSequence {
  const tokenIds: number[] = []
  const coefficients: number[] = []
  const add = (text: string, coefficient: number): void => {
    for (const id of encode(text)) {
      tokenIds.push(id)
      coefficients.push(coefficient)
    }
  }
  add(`<user> ${prompt}<end>`, 0)
  for (const { turn, reply } of steps) {
    add("<model>", environmentCoefficient)
    add(`${turn}<end>`, 1)
    if (reply !== undefined) add(`<user> ${reply}<end>`, environmentCoefficient)
  }
  return { tokenIds: tokenIds.slice(0, longest), coefficients: coefficients.slice(0, longest) }
}
