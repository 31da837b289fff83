/**
 * One packed batch forward, through the head, and back. Invariant: what `forwardBatch` kept is freed by its `back`, which
 * is called once.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Trunk } from "./block-attention.ts"
import { embeddingGradient } from "./embedding.ts"
import { finalNorm, type KeptLayer, runLayers, targetStates } from "./forward.ts"
import { accumulate, type Gradients } from "./gradients.ts"
import { type HeadResult, type HeadTargets, runHead } from "./head.ts"
import { disposeTrace, type LayerTrace, layerGradient, runLayer } from "./layer.ts"
import { normGradient } from "./norm.ts"
import type { PackedBatch } from "./packed-batch.ts"
import { embeddingName, finalNormName } from "./parameters.ts"
import { isFrozen, type TransformerModel } from "./transformer-model.ts"

/** What a batch does beside its tokens. */
export interface BatchOptions {
  /** N: what the sums are divided by (number of scored samples; number of trained tokens for a mean). */
  normaliser: number
  exactKl?: { weight: number; reference: TransformerModel }
  /** Layers keep their inputs only and run again for the gradient: less memory, a third more time. Default false. */
  recompute?: boolean
}

/** The keys and values of a trunk under the model and under the reference. */
export interface Link {
  trunk: Trunk
  reference: Trunk
}

export interface Place {
  grows?: Link
  looksAt?: Link
}

const placed = (batch: PackedBatch, { grows, looksAt }: Place, whose: keyof Link): PackedBatch =>
  batch.blocks === undefined
    ? batch
    : { ...batch, blocks: { ...batch.blocks, grows: grows?.[whose], trunk: looksAt?.[whose] } }

export function runBatch(
  model: TransformerModel,
  batch: PackedBatch,
  options: BatchOptions,
  gradients: Gradients | undefined,
  place: Place = {},
): HeadResult {
  const { result, back } = forwardBatch(model, batch, options, gradients, place)
  back()
  return result
}

/** Forward and through the head; `back` goes on from there and frees what was kept, and is called once. */
export function forwardBatch(
  model: TransformerModel,
  at: PackedBatch,
  options: BatchOptions,
  gradients: Gradients | undefined,
  place: Place,
): { result: HeadResult; back(): void } {
  const batch = placed(at, place, "trunk")
  const kl = options.exactKl
  const targets: HeadTargets = {
    tokenIds: Int32Array.from(batch.targets, (target) => target.tokenId),
    coefficients: Float32Array.from(batch.targets, (target) => target.coefficient / options.normaliser),
    klWeights: Float32Array.from(batch.targets, (target) => (target.count * (kl?.weight ?? 0)) / options.normaliser),
  }
  const reference = kl && { model: kl.reference, states: targetStates(kl.reference, placed(at, place, "reference")) }
  const layers: KeptLayer[] | undefined = gradients && []
  const x = runLayers(model, batch, layers, options.recompute)
  const sources = tf.tensor1d(
    Int32Array.from(batch.targets, (target) => target.source),
    "int32",
  )
  const picked = tf.gather(x, sources) as tf.Tensor2D
  const states = finalNorm(model, picked)
  const result = runHead(model, states, targets, { backward: gradients !== undefined, reference })
  tf.dispose([x, states])
  reference?.states.dispose()
  return {
    result,
    back: () => {
      if (gradients !== undefined && layers !== undefined)
        propagate(model, batch, { layers, picked, sources, rows: x.shape[0] }, result, gradients)
      tf.dispose([sources, picked])
    },
  }
}

interface Kept {
  layers: KeptLayer[]
  picked: tf.Tensor2D
  sources: tf.Tensor1D
  rows: number
}

/** From the gradient at the head's input down to the embedding. */
function propagate(
  model: TransformerModel,
  batch: PackedBatch,
  kept: Kept,
  { gradient: head }: HeadResult,
  gradients: Gradients,
): void {
  const { config } = model
  let dx: tf.Tensor2D
  if (head === undefined) dx = tf.zeros([kept.rows, config.hiddenSize])
  else {
    accumulate(gradients, head.weights)
    const norm = normGradient(model, finalNormName, kept.picked, head.states)
    if (norm.weight !== undefined) accumulate(gradients, { [finalNormName]: norm.weight })
    dx = tf.tidy(() => tf.scatterND(tf.reshape(kept.sources, [-1, 1]), norm.input, [kept.rows, config.hiddenSize]))
    tf.dispose([head.states, norm.input])
  }
  for (let index = config.layers - 1; index >= 0; index--) {
    const layer = kept.layers[index]!
    const trace = layer.trace ?? again(model, index, batch, layer.input)
    const { input, weights } = layerGradient(model, index, batch, trace, dx)
    accumulate(gradients, weights)
    disposeTrace(trace)
    layer.input.dispose()
    dx.dispose()
    dx = input
  }
  if (!isFrozen(model)) accumulate(gradients, { [embeddingName]: embeddingGradient(model, batch.ids, dx) })
  dx.dispose()
}

/** The trace of a layer that kept its input only. */
function again(model: TransformerModel, index: number, batch: PackedBatch, input: tf.Tensor2D): LayerTrace {
  const { output, trace } = runLayer(model, index, batch, input)
  output.dispose()
  return trace
}
