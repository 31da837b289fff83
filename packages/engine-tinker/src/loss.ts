/**
 * The losses that give the gradient −A · ∇ log π of a token exactly, whatever the sign of A. `cispo` with both clips at 1 weighs
 * every token by exactly 1; `importance_sampling` does where it is told the log-probabilities of this very moment, which takes
 * one more forward pass. `cross_entropy` can only make tokens more likely, as weights are also what a sequence is divided by.
 */
import type { LossRequest } from "./wire.ts"

export const losses = ["cispo", "importance_sampling"] as const
export type Loss = (typeof losses)[number]

export const lossRequest = (loss: Loss): LossRequest =>
  loss === "cispo"
    ? { loss_fn: loss, loss_fn_config: { clip_low_threshold: 1, clip_high_threshold: 1 } }
    : { loss_fn: loss }

/** For log-probabilities alone, of which every server has it. */
export const scoring: LossRequest = { loss_fn: "cross_entropy" }
