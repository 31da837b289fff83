/**
 * Truncated importance ratios: an engine that samples and trains in different arithmetic (bf16) samples from a slightly
 * other policy than it trains, and weighs every token by the quotient of the two, as far as a bound.
 */

/** π in training / π when sampled of every token, from 1 / bound to bound. */
export const importanceRatios = (sampled: readonly number[], trained: readonly number[], bound: number): number[] =>
  sampled.map((value, t) => Math.min(bound, Math.max(1 / bound, Math.exp(trained[t]! - value))))
