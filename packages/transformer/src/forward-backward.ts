/**
 * The training verb: loss, gradients and log-probabilities of actions at states.
 * Loss = −(1/N) Σ coefficient · log π(token) + (β/N) Σ count · KL(π ‖ reference). Cross-entropy is coefficient = weight;
 * the policy gradient is coefficient = advantage. One linear form, one function.
 */
import { type BatchOptions, forwardBatch, type Link, runBatch } from "./batch-pass.ts"
import { disposeTrunk } from "./block-attention.ts"
import type { Gradients } from "./gradients.ts"
import type { HeadResult } from "./head.ts"
import { kernelsFor } from "./kernels.ts"
import { branches } from "./mask.ts"
import { createPackedBatch, createPieceBatch, disposePackedBatch } from "./packed-batch.ts"
import { microBatches, type PackedSequence, type PackedTarget, packAll, type StateActions } from "./packing.ts"
import { tokenBudgetOf } from "./token-budget.ts"
import type { TransformerModel } from "./transformer-model.ts"
import { planTrunk } from "./trunk-plan.ts"

export interface ForwardBackwardOptions extends BatchOptions {
  /** Padded tokens in one micro-batch; a trie that has more is cut into its trunk and batches of leaves. Default: `tokenBudgetOf`. */
  tokenBudget?: number
}

export interface ForwardBackwardResult {
  loss: number
  /** −(1/N) Σ coefficient · log π. */
  likelihoodLoss: number
  /** Σ count · KL over the trained tokens, and Σ count: their quotient is the mean KL a token. */
  divergence: number
  trainedTokens: number
  /** Tokens that went through the network, after merging, without padding. */
  processedTokens: number
  /** log π by state, action, token (in the order given); NaN where a token is not trained. */
  logProbabilities: readonly (readonly Float32Array[])[]
}

/** Adds the gradients of the loss over `states` to `gradients`. */
export function forwardBackward(
  model: TransformerModel,
  states: readonly StateActions[],
  gradients: Gradients,
  options: ForwardBackwardOptions,
): ForwardBackwardResult {
  if (!(options.normaliser > 0)) throw new Error(`The normaliser must be above zero, got ${options.normaliser}.`)
  return run(model, states, options, gradients)
}

/** Loss and log-probabilities without gradients: the same numbers `forwardBackward` reports. */
export const evaluateLoss = (
  model: TransformerModel,
  states: readonly StateActions[],
  options: ForwardBackwardOptions,
): ForwardBackwardResult => run(model, states, options, undefined)

/** log π of every token but the first, by sequence: result[s][t] belongs to sequences[s][t + 1]. */
export function logProbabilities(
  model: TransformerModel,
  sequences: readonly (readonly number[])[],
  options: { tokenBudget?: number } = {},
): Float32Array[] {
  const states = sequences.map((ids) => ({
    state: ids.slice(0, 1),
    actions: [{ tokenIds: ids.slice(1), coefficients: new Float32Array(Math.max(0, ids.length - 1)) }],
  }))
  const result = run(model, states, { ...options, normaliser: 1 }, undefined)
  return result.logProbabilities.map((actions) => actions[0]!)
}

interface Sums {
  likelihoodLoss: number
  divergence: number
  trainedTokens: number
  processedTokens: number
}

function run(
  model: TransformerModel,
  states: readonly StateActions[],
  options: ForwardBackwardOptions,
  gradients: Gradients | undefined,
): ForwardBackwardResult {
  const { tokenBudget = tokenBudgetOf(model.config), normaliser } = options
  const sums: Sums = { likelihoodLoss: 0, divergence: 0, trainedTokens: 0, processedTokens: 0 }
  const perState: Float32Array[][] = states.map(() => [])
  const note = (targets: readonly PackedTarget[], result: HeadResult): void =>
    targets.forEach((target, i) => {
      sums.likelihoodLoss -= (target.coefficient * result.logProbabilities[i]!) / normaliser
      sums.divergence += target.count * (result.divergences[i] ?? 0)
      sums.trainedTokens += target.count
    })
  const trained = packAll(states).filter((sequence) => sequence.targets.length > 0)
  const cut = (sequence: PackedSequence): boolean => isCut(model, sequence, tokenBudget)
  for (const sequence of trained.filter(cut)) {
    const values = new Float32Array(sequence.targets.length)
    runTrunk(model, sequence, { ...options, tokenBudget }, gradients, (targets, origins, result) => {
      note(targets, result)
      origins.forEach((origin, i) => {
        values[origin] = result.logProbabilities[i]!
      })
    })
    sums.processedTokens += sequence.tokenIds.length
    deal(sequence, values, perState)
  }
  for (const sequences of microBatches(
    trained.filter((sequence) => !cut(sequence)),
    tokenBudget,
  )) {
    const batch = createPackedBatch(model.config, sequences)
    const result = runBatch(model, batch, options, gradients)
    note(batch.targets, result)
    for (const [b, sequence] of sequences.entries()) {
      sums.processedTokens += sequence.tokenIds.length
      deal(sequence, result.logProbabilities.subarray(batch.firstTarget[b]), perState)
    }
    disposePackedBatch(batch)
  }
  const kl = ((options.exactKl?.weight ?? 0) * sums.divergence) / normaliser
  return { ...sums, loss: sums.likelihoodLoss + kl, logProbabilities: perState }
}

/** Tokens from which a branching trie attends block by block where no kernel skips what nobody sees. */
const longTrie = 256

/** Whether a trie goes through the network as trunk and leaves: where it is over the budget, or its mask would be waste. */
function isCut(model: TransformerModel, sequence: PackedSequence, tokenBudget: number): boolean {
  const { length } = sequence.tokenIds
  if (length <= 1 || !branches([sequence])) return false
  return length > tokenBudget || (length >= longTrie && kernelsFor(model.config) === undefined)
}

/**
 * A trie as trunk and leaves: the trunk goes forward once, every batch of leaves goes forward and back and adds its
 * gradient at the trunk's keys and values, then one pass goes back through the trunk. The gradient is that of the whole.
 */
function runTrunk(
  model: TransformerModel,
  sequence: PackedSequence,
  options: ForwardBackwardOptions & { tokenBudget: number },
  gradients: Gradients | undefined,
  note: (targets: readonly PackedTarget[], origins: readonly number[], result: HeadResult) => void,
): void {
  const { trunk: stem, leaves } = planTrunk(sequence, options.tokenBudget)
  const link: Link = { trunk: { states: [], gradients: [] }, reference: { states: [], gradients: [] } }
  const batch = createPieceBatch(model.config, stem)
  const forwarded = forwardBatch(model, batch, options, gradients, leaves.length > 0 ? { grows: link } : {})
  note(stem.targets, stem.origins, forwarded.result)
  for (const leaf of leaves) {
    const leafBatch = createPieceBatch(model.config, leaf)
    note(leaf.targets, leaf.origins, runBatch(model, leafBatch, options, gradients, { looksAt: link }))
    disposePackedBatch(leafBatch)
  }
  forwarded.back()
  disposePackedBatch(batch)
  disposeTrunk(link.trunk)
  disposeTrunk(link.reference)
}

/** Hands the targets' values back to the states, actions and tokens they came from. */
function deal(sequence: PackedSequence, values: Float32Array, perState: Float32Array[][]): void {
  for (const { state, actions } of sequence.origins)
    perState[state] = actions.map((targets) =>
      Float32Array.from(targets, (target) => (target < 0 ? Number.NaN : values[target]!)),
    )
}
