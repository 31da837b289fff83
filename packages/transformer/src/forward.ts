/** Whole sequences through the network at once, without a cache: hidden states and logits. */
import * as tf from "@tensorflow/tfjs-core"
import { embed } from "./embedding.ts"
import { logitsOf } from "./head.ts"
import { disposeTrace, type LayerTrace, runLayer } from "./layer.ts"
import { norm } from "./norm.ts"
import { createPackedBatch, disposePackedBatch, type PackedBatch } from "./packed-batch.ts"
import { packStates } from "./packing.ts"
import { finalNormName } from "./parameters.ts"
import type { TransformerModel } from "./transformer-model.ts"

/** What a forward pass keeps of a layer: its input, and its trace unless that is computed again for the gradient. */
export interface KeptLayer {
  input: tf.Tensor2D
  trace?: LayerTrace
}

/**
 * Embeddings of the batch through all layers, before the last norm: [rows, hidden]. With `kept`, keeps what the gradient
 * needs: the layers' traces, or with `recompute` their inputs only.
 */
export function runLayers(
  model: TransformerModel,
  batch: PackedBatch,
  kept?: KeptLayer[],
  recompute = false,
): tf.Tensor2D {
  let x = embed(model, batch.ids)
  for (let index = 0; index < model.config.layers; index++) {
    const { output, trace } = runLayer(model, index, batch, x)
    if (kept === undefined || recompute) disposeTrace(trace)
    if (kept === undefined) x.dispose()
    else kept.push({ input: x, trace: recompute ? undefined : trace })
    x = output
  }
  return x
}

/** The last norm: [rows, hidden] -> [rows, hidden]. */
export const finalNorm = (model: TransformerModel, x: tf.Tensor2D): tf.Tensor2D => norm(model, finalNormName, x)

/** Normed hidden states of the last layer at the source rows of the batch's targets: [targets, hidden]. No gradient is kept. */
export function targetStates(model: TransformerModel, batch: PackedBatch): tf.Tensor2D {
  const x = runLayers(model, batch)
  const sources = tf.tensor1d(
    batch.targets.map((target) => target.source),
    "int32",
  )
  const states = tf.tidy(() => finalNorm(model, tf.gather(x, sources) as tf.Tensor2D))
  tf.dispose([x, sources])
  return states
}

/** Logits of every position of one sequence: [length, vocabulary]. The caller disposes them. */
export function forward(model: TransformerModel, tokenIds: readonly number[]): tf.Tensor2D {
  const sequence = packStates([{ state: [...tokenIds, 0], actions: [] }])
  const batch = createPackedBatch(model.config, [sequence])
  const x = runLayers(model, batch)
  const logits = tf.tidy(() => logitsOf(model, finalNorm(model, x)))
  x.dispose()
  disposePackedBatch(batch)
  return logits
}
