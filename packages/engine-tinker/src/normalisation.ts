/**
 * What a server divides a loss by, and how rows are scaled so that its gradient is the one of core's contract,
 * −(1/N) Σ A · ∇ log π. `sequence-mean`: by the sum of a row's weights, and then by the number of rows between two steps (SkyRL on
 * JAX). `sum`: by nothing (as the hosted service is documented).
 */
import { SwirlError, type TrainingRow } from "@swirl-ts/core"
import type { Datum } from "./wire.ts"

export const normalisations = ["sequence-mean", "sum"] as const
export type Normalisation = (typeof normalisations)[number]

/** What a row's coefficients are multiplied by. `rows`: all that are summed up until the step. */
export function rowScale(
  normalisation: Normalisation,
  { tokenIds }: Pick<TrainingRow, "tokenIds">,
  { normaliser, rows }: { normaliser: number; rows: number },
): number {
  return normalisation === "sum" ? 1 / normaliser : (tokenIds.length * rows) / normaliser
}

/** Three requests about one known row, the gradient norms of which tell the normalisations apart. */
export function knownRows(vocabularySize: number): { once: Datum[]; twice: Datum[]; diluted: Datum[] } {
  const tokens = Array.from({ length: 8 }, (_, index) => (5 + 3 * index) % vocabularySize)
  const row = (weights: readonly number[]): Datum => ({
    model_input: { chunks: [{ type: "encoded_text", tokens: tokens.slice(0, -1) }] },
    loss_fn_inputs: {
      target_tokens: { data: tokens.slice(1) },
      weights: { data: weights },
      logprobs: { data: weights.map(() => 0) },
      advantages: { data: [0, 0, 0, 0, 1, 1, 1] },
    },
  })
  const own = row([0, 0, 0, 0, 1, 1, 1])
  return { once: [own], twice: [own, own], diluted: [row([0, 0, 1, 1, 1, 1, 1])] }
}

/** Expected norms of the three, over that of the first. */
const expected: Record<Normalisation, readonly [twice: number, diluted: number]> = {
  "sequence-mean": [1, 3 / 5],
  sum: [2, 1],
}

/** Throws unless the norms are those of the normalisation that is set; names the one that they are of. */
export function checkNormalisation(
  set: Normalisation,
  { once, twice, diluted }: Record<keyof ReturnType<typeof knownRows>, number>,
): void {
  const isOf = (name: Normalisation): boolean =>
    [twice / once, diluted / once].every((ratio, index) => Math.abs(ratio - expected[name][index]!) < 0.02)
  if (once > 0 && isOf(set)) return
  const other = once > 0 ? normalisations.find(isOf) : undefined
  const found = `Of one known row the gradient norm is ${once}, of the row twice ${twice}, with two more tokens weighted ${diluted}`
  throw new SwirlError(
    other === undefined
      ? `The server normalises a loss as nobody here knows: ${found}. Trained on it, rows would give other gradients than elsewhere.`
      : `The server normalises a loss by ${other}, not by ${set}: ${found}. Say so: --engine-option normalisation=${other}`,
    { kind: "usage" },
  )
}
