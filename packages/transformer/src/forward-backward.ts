/**
 * The training verb: loss, gradients and log-probabilities of actions at states.
 * Loss = −(1/N) Σ coefficient · log π(token) + (β/N) Σ count · KL(π ‖ reference). Cross-entropy is coefficient = weight;
 * the policy gradient is coefficient = advantage. One linear form, one function.
 */
import * as tf from "@tensorflow/tfjs-core"
import { finalNorm, runLayers, targetStates } from "./forward.ts"
import { accumulate, type Gradients } from "./gradients.ts"
import { type HeadResult, type HeadTargets, runHead } from "./head.ts"
import { disposeTrace, type LayerTrace, layerGradient } from "./layer.ts"
import { rmsNormGradient } from "./norm.ts"
import { createPackedBatch, disposePackedBatch, type PackedBatch } from "./packed-batch.ts"
import { microBatches, type PackedSequence, packAll, type StateActions } from "./packing.ts"
import { embeddingName, finalNormName } from "./parameters.ts"
import { type TransformerModel, weightOf } from "./transformer-model.ts"

export interface ForwardBackwardOptions {
  /** N: what the sums are divided by (number of scored samples; number of trained tokens for a mean). */
  normaliser: number
  exactKl?: { weight: number; reference: TransformerModel }
  /** Padded tokens in one micro-batch. Default 4096. */
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

function run(
  model: TransformerModel,
  states: readonly StateActions[],
  options: ForwardBackwardOptions,
  gradients: Gradients | undefined,
): ForwardBackwardResult {
  const sums = { likelihoodLoss: 0, divergence: 0, trainedTokens: 0, processedTokens: 0 }
  const perState: Float32Array[][] = states.map(() => [])
  for (const sequences of microBatches(packAll(states), options.tokenBudget ?? 4096)) {
    const useful = sequences.filter((sequence) => sequence.targets.length > 0)
    if (useful.length === 0) continue
    const batch = createPackedBatch(model.config, useful)
    const result = runBatch(model, batch, options, gradients)
    batch.targets.forEach((target, i) => {
      sums.likelihoodLoss -= (target.coefficient * result.logProbabilities[i]!) / options.normaliser
      sums.divergence += target.count * (result.divergences[i] ?? 0)
      sums.trainedTokens += target.count
    })
    for (const [b, sequence] of useful.entries()) {
      sums.processedTokens += sequence.tokenIds.length
      deal(sequence, result.logProbabilities.subarray(batch.firstTarget[b]), perState)
    }
    disposePackedBatch(batch)
  }
  const kl = ((options.exactKl?.weight ?? 0) * sums.divergence) / options.normaliser
  return { ...sums, loss: sums.likelihoodLoss + kl, logProbabilities: perState }
}

/** Hands the targets' values back to the states, actions and tokens they came from. */
function deal(sequence: PackedSequence, values: Float32Array, perState: Float32Array[][]): void {
  for (const { state, actions } of sequence.origins)
    perState[state] = actions.map((targets) =>
      Float32Array.from(targets, (target) => (target < 0 ? Number.NaN : values[target]!)),
    )
}

function runBatch(
  model: TransformerModel,
  batch: PackedBatch,
  options: ForwardBackwardOptions,
  gradients: Gradients | undefined,
): HeadResult {
  const kl = options.exactKl
  const targets: HeadTargets = {
    tokenIds: Int32Array.from(batch.targets, (target) => target.tokenId),
    coefficients: Float32Array.from(batch.targets, (target) => target.coefficient / options.normaliser),
    klWeights: Float32Array.from(batch.targets, (target) => (target.count * (kl?.weight ?? 0)) / options.normaliser),
  }
  const reference = kl && { model: kl.reference, states: targetStates(kl.reference, batch) }
  const traces: LayerTrace[] | undefined = gradients && []
  const x = runLayers(model, batch, traces)
  const sources = tf.tensor1d(
    Int32Array.from(batch.targets, (target) => target.source),
    "int32",
  )
  const picked = tf.gather(x, sources) as tf.Tensor2D
  const states = finalNorm(model, picked)
  const result = runHead(model, states, targets, { backward: gradients !== undefined, reference })
  if (gradients !== undefined && traces !== undefined && result.gradient !== undefined)
    propagate(model, batch, { traces, picked, sources, rows: x.shape[0] }, result.gradient, gradients)
  tf.dispose([x, sources, picked, states])
  reference?.states.dispose()
  return result
}

interface Kept {
  traces: LayerTrace[]
  picked: tf.Tensor2D
  sources: tf.Tensor1D
  rows: number
}

/** From the gradient at the head's input down to the embedding. */
function propagate(
  model: TransformerModel,
  batch: PackedBatch,
  kept: Kept,
  head: { states: tf.Tensor2D; weights: Record<string, tf.Tensor> },
  gradients: Gradients,
): void {
  const { config } = model
  accumulate(gradients, head.weights)
  const norm = rmsNormGradient(kept.picked, weightOf(model, finalNormName), config.normEpsilon, head.states)
  accumulate(gradients, { [finalNormName]: norm.weight })
  const scatter = (ids: tf.Tensor1D, values: tf.Tensor2D, rows: number): tf.Tensor2D =>
    tf.tidy(() => tf.scatterND(tf.reshape(ids, [-1, 1]), values, [rows, config.hiddenSize]) as tf.Tensor2D)
  let dx = scatter(kept.sources, norm.input, kept.rows)
  tf.dispose([head.states, norm.input])
  for (let index = config.layers - 1; index >= 0; index--) {
    const trace = kept.traces[index]!
    const { input, weights } = layerGradient(model, index, batch, trace, dx)
    accumulate(gradients, weights)
    disposeTrace(trace)
    trace.input.dispose()
    dx.dispose()
    dx = input
  }
  accumulate(gradients, { [embeddingName]: scatter(batch.ids, dx, config.vocabularySize) })
  dx.dispose()
}
