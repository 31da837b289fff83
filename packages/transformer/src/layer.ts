/**
 * One decoder layer over whole sequences: forward, and its gradient written out.
 * Only what is dear to recompute is kept between the two; norms and gates are computed again.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type AttentionShape, type AttentionTrace, attention, attentionGradient } from "./attention.ts"
import { type BlockShape, blockAttention, blockAttentionGradient } from "./block-attention.ts"
import { gated, gatedGradient } from "./gate.ts"
import { linear, linearInputGradient, linearWeightGradients } from "./linear.ts"
import { rmsNorm, rmsNormGradient } from "./norm.ts"
import { type LayerPart, layerName } from "./parameters.ts"
import { type Rotation, rotate } from "./rotary.ts"
import { isFrozen, type TransformerModel, type Weights, weightOf } from "./transformer-model.ts"

/** What every layer of one batch shares. */
export interface BatchShape extends AttentionShape {
  rotation: Rotation
  /** Where given, rows attend block by block, without a mask over all of them. */
  blocks?: BlockShape
}

type BlockTrace = [q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D]

/** Kept from forward to backward; free it with `disposeTrace`. */
export interface LayerTrace {
  input: tf.Tensor2D
  middle: tf.Tensor2D
  attended: tf.Tensor2D
  gate: tf.Tensor2D
  up: tf.Tensor2D
  /** With blocks q, k and v are all there is to keep. */
  attention: AttentionTrace | BlockTrace
}

/** Runs layer `index` on [rows, hidden]. */
export function runLayer(
  model: TransformerModel,
  index: number,
  shape: BatchShape,
  input: tf.Tensor2D,
): { output: tf.Tensor2D; trace: LayerTrace } {
  const name = (part: LayerPart): string => layerName(index, part)
  const epsilon = model.config.normEpsilon
  return tf.tidy(() => {
    const normed = rmsNorm(input, weightOf(model, name("input_layernorm")), epsilon)
    const q = rotate(linear(model, name("self_attn.q_proj"), normed), shape.rotation)
    const k = rotate(linear(model, name("self_attn.k_proj"), normed), shape.rotation)
    const v = linear(model, name("self_attn.v_proj"), normed)
    const { output: attended, trace } =
      shape.blocks === undefined
        ? attention(model.config, shape, q, k, v)
        : { output: blockAttention(model.config, shape.blocks, index, { q, k, v }), trace: [q, k, v] as BlockTrace }
    const middle = tf.add(input, linear(model, name("self_attn.o_proj"), attended)) as tf.Tensor2D
    const normedMiddle = rmsNorm(middle, weightOf(model, name("post_attention_layernorm")), epsilon)
    const gate = linear(model, name("mlp.gate_proj"), normedMiddle)
    const up = linear(model, name("mlp.up_proj"), normedMiddle)
    const output = tf.add(middle, linear(model, name("mlp.down_proj"), gated(gate, up))) as tf.Tensor2D
    return { output, trace: { input, middle, attended, gate, up, attention: trace } }
  })
}

/** From the gradient of the layer's output to that of its input and of what is trained of its weights. */
export function layerGradient(
  model: TransformerModel,
  index: number,
  shape: BatchShape,
  trace: LayerTrace,
  dy: tf.Tensor2D,
) {
  const name = (part: LayerPart): string => layerName(index, part)
  const epsilon = model.config.normEpsilon
  const weights: Weights = {}
  const back = (part: LayerPart, dOut: tf.Tensor2D, input: tf.Tensor2D): tf.Tensor2D => {
    Object.assign(weights, linearWeightGradients(model, name(part), dOut, input))
    return linearInputGradient(model, name(part), dOut)
  }
  const throughNorm = (part: LayerPart, x: tf.Tensor2D, dNormed: tf.Tensor2D): tf.Tensor2D => {
    const gradient = rmsNormGradient(x, weightOf(model, name(part)), epsilon, dNormed, isFrozen(model))
    if (gradient.weight !== undefined) weights[name(part)] = gradient.weight
    return gradient.input
  }
  return tf.tidy(() => {
    const { gate, up, middle } = trace
    const dInner = back("mlp.down_proj", dy, gated(gate, up))
    const { gate: dGate, up: dUp } = gatedGradient(gate, up, dInner)
    const normedMiddle = rmsNorm(middle, weightOf(model, name("post_attention_layernorm")), epsilon)
    const dNormedMiddle = tf.add(back("mlp.gate_proj", dGate, normedMiddle), back("mlp.up_proj", dUp, normedMiddle))
    const dMiddle = tf.add(
      dy,
      throughNorm("post_attention_layernorm", middle, dNormedMiddle as tf.Tensor2D),
    ) as tf.Tensor2D
    const dAttended = back("self_attn.o_proj", dMiddle, trace.attended)
    const d = throughAttention(model, index, shape, trace, dAttended)
    const normed = rmsNorm(trace.input, weightOf(model, name("input_layernorm")), epsilon)
    const dNormed = tf.addN([
      back("self_attn.q_proj", rotate(d.q, shape.rotation, true), normed),
      back("self_attn.k_proj", rotate(d.k, shape.rotation, true), normed),
      back("self_attn.v_proj", d.v, normed),
    ]) as tf.Tensor2D
    const input = tf.add(dMiddle, throughNorm("input_layernorm", trace.input, dNormed)) as tf.Tensor2D
    return { input, weights }
  })
}

function throughAttention(
  model: TransformerModel,
  index: number,
  shape: BatchShape,
  trace: LayerTrace,
  dAttended: tf.Tensor2D,
) {
  if (shape.blocks === undefined)
    return attentionGradient(model.config, shape, trace.attention as AttentionTrace, trace.attended, dAttended)
  const [q, k, v] = trace.attention as BlockTrace
  return blockAttentionGradient(model.config, shape.blocks, index, { q, k, v }, trace.attended, dAttended)
}

/** Frees what the trace holds beyond the layer's input, which the layer before owns as its output. */
export function disposeTrace(trace: LayerTrace): void {
  tf.dispose([trace.middle, trace.attended, trace.gate, trace.up])
  tf.dispose([...trace.attention])
}
