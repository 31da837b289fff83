/**
 * One decoder layer over whole sequences: forward, and its gradient written out. The config says what a layer has.
 * Only what is dear to recompute is kept between the two; norms and gates are computed again.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type AttentionShape, type AttentionTrace, attention, attentionGradient } from "./attention.ts"
import { hasBias } from "./biases.ts"
import { type BlockShape, blockAttention, blockAttentionGradient } from "./block-attention.ts"
import { gated, gatedGradient } from "./gate.ts"
import { linear, linearInputGradient, linearWeightGradients } from "./linear.ts"
import { norm, normGradient } from "./norm.ts"
import { biasName, layerName, normsOf } from "./parameters.ts"
import type { LinearPart, NormPart } from "./parts.ts"
import { type Rotation, type Rotations, rotate, rotationOf } from "./rotary.ts"
import type { TransformerConfig } from "./transformer-config.ts"
import { isFrozen, type TransformerModel, type Weights, weightOf } from "./transformer-model.ts"

/** What every layer of one batch shares. */
export interface BatchShape extends AttentionShape {
  rotations: Rotations
  /** Where given, rows attend block by block, without a mask over all of them. */
  blocks?: BlockShape
}

type BlockTrace = [q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D]

/** What a layer computes beside its output. A type, as `tf.tidy` passes no interfaces. */
type LayerParts = {
  middle: tf.Tensor2D
  attended: tf.Tensor2D
  gate: tf.Tensor2D
  up: tf.Tensor2D
  /** Before their norms, where they have such. */
  rawQueries?: tf.Tensor2D
  rawKeys?: tf.Tensor2D
  rawAttention?: tf.Tensor2D
  rawFeedForward?: tf.Tensor2D
}

/** Kept from forward to backward; free it with `disposeTrace`. */
export interface LayerTrace extends LayerParts {
  input: tf.Tensor2D
  /** With blocks q, k and v are all there is to keep. */
  attention: AttentionTrace | BlockTrace
}

/** Attention of rotated q, k, v, each [rows, heads · headSize]; the result is like q. */
type Attend = (q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D) => tf.Tensor2D

/** A linear weight and its bias. */
function project(model: TransformerModel, index: number, part: LinearPart, x: tf.Tensor2D): tf.Tensor2D {
  const y = linear(model, layerName(index, part), x)
  return hasBias(model.config, part) ? tf.add(y, weightOf(model, biasName(index, part))) : y
}

/** What queries are multiplied by, as attention itself divides its scores by the root of the head's size. */
const queryScale = ({ queryScalar, headSize }: TransformerConfig): number =>
  queryScalar === undefined ? 1 : Math.sqrt(headSize / queryScalar)

const times = (x: tf.Tensor2D, factor: number): tf.Tensor2D => (factor === 1 ? x : tf.mul(x, factor))

/** Layer `index` on [rows, hidden], however it attends. */
export function computeLayer(
  model: TransformerModel,
  index: number,
  rotation: Rotation,
  input: tf.Tensor2D,
  attend: Attend,
): { output: tf.Tensor2D; parts: LayerParts } {
  const { config } = model
  const norms = normsOf(config)
  const normed = (part: NormPart | undefined, x: tf.Tensor2D): tf.Tensor2D =>
    part === undefined ? x : norm(model, layerName(index, part), x)
  const before = normed(norms.beforeAttention, input)
  const rawQueries = project(model, index, "self_attn.q_proj", before)
  const rawKeys = project(model, index, "self_attn.k_proj", before)
  const v = project(model, index, "self_attn.v_proj", before)
  const own = config.queryKeyNorms === true
  const q = rotate(own ? normed("self_attn.q_norm", rawQueries) : rawQueries, rotation)
  const k = rotate(own ? normed("self_attn.k_norm", rawKeys) : rawKeys, rotation)
  const attended = attend(times(q, queryScale(config)), k, v)
  const rawAttention = project(model, index, "self_attn.o_proj", attended)
  const middle = tf.add(input, normed(norms.afterAttention, rawAttention)) as tf.Tensor2D
  const normedMiddle = normed(norms.beforeFeedForward, middle)
  const gate = project(model, index, "mlp.gate_proj", normedMiddle)
  const up = project(model, index, "mlp.up_proj", normedMiddle)
  const rawFeedForward = project(model, index, "mlp.down_proj", gated(config, gate, up))
  const output = tf.add(middle, normed(norms.afterFeedForward, rawFeedForward)) as tf.Tensor2D
  const parts: LayerParts = { middle, attended, gate, up }
  if (own) Object.assign(parts, { rawQueries, rawKeys })
  if (config.normsAfter) Object.assign(parts, { rawAttention, rawFeedForward })
  return { output, parts }
}

/** Runs layer `index` on [rows, hidden]. */
export function runLayer(
  model: TransformerModel,
  index: number,
  shape: BatchShape,
  input: tf.Tensor2D,
): { output: tf.Tensor2D; trace: LayerTrace } {
  const { config } = model
  return tf.tidy(() => {
    let kept: AttentionTrace | BlockTrace | undefined
    const rotation = rotationOf(config, shape.rotations, index)
    const { output, parts } = computeLayer(model, index, rotation, input, (q, k, v) => {
      if (shape.blocks !== undefined) {
        kept = [q, k, v]
        return blockAttention(config, shape.blocks, index, { q, k, v })
      }
      const attended = attention(config, shape, index, q, k, v)
      kept = attended.trace
      return attended.output
    })
    return { output, trace: { input, ...parts, attention: kept! } }
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
  const { config } = model
  const norms = normsOf(config)
  const weights: Weights = {}
  const back = (part: LinearPart, dOut: tf.Tensor2D, input: tf.Tensor2D): tf.Tensor2D => {
    const name = layerName(index, part)
    Object.assign(weights, linearWeightGradients(model, name, dOut, input))
    if (hasBias(config, part) && !isFrozen(model)) weights[biasName(index, part)] = tf.sum(dOut, 0)
    return linearInputGradient(model, name, dOut)
  }
  const throughNorm = (part: NormPart | undefined, x: tf.Tensor2D | undefined, dNormed: tf.Tensor2D): tf.Tensor2D => {
    if (part === undefined || x === undefined) return dNormed
    const gradient = normGradient(model, layerName(index, part), x, dNormed)
    if (gradient.weight !== undefined) weights[layerName(index, part)] = gradient.weight
    return gradient.input
  }
  return tf.tidy(() => {
    const { gate, up, middle } = trace
    const dFeedForward = throughNorm(norms.afterFeedForward, trace.rawFeedForward, dy)
    const dInner = back("mlp.down_proj", dFeedForward, gated(config, gate, up))
    const { gate: dGate, up: dUp } = gatedGradient(config, gate, up, dInner)
    const normedMiddle = norm(model, layerName(index, norms.beforeFeedForward), middle)
    const dNormedMiddle = tf.add(back("mlp.gate_proj", dGate, normedMiddle), back("mlp.up_proj", dUp, normedMiddle))
    const dMiddle = tf.add(
      dy,
      throughNorm(norms.beforeFeedForward, middle, dNormedMiddle as tf.Tensor2D),
    ) as tf.Tensor2D
    const dAttention = throughNorm(norms.afterAttention, trace.rawAttention, dMiddle)
    const dAttended = back("self_attn.o_proj", dAttention, trace.attended)
    const d = throughAttention(config, index, shape, trace, dAttended)
    const rotation = rotationOf(config, shape.rotations, index)
    const dQueries = rotate(times(d.q, queryScale(config)), rotation, true)
    const dKeys = rotate(d.k, rotation, true)
    const before = norm(model, layerName(index, norms.beforeAttention), trace.input)
    const dBefore = tf.addN([
      back("self_attn.q_proj", throughNorm("self_attn.q_norm", trace.rawQueries, dQueries), before),
      back("self_attn.k_proj", throughNorm("self_attn.k_norm", trace.rawKeys, dKeys), before),
      back("self_attn.v_proj", d.v, before),
    ]) as tf.Tensor2D
    const input = tf.add(dMiddle, throughNorm(norms.beforeAttention, trace.input, dBefore)) as tf.Tensor2D
    return { input, weights }
  })
}

function throughAttention(
  config: TransformerConfig,
  index: number,
  shape: BatchShape,
  trace: LayerTrace,
  dAttended: tf.Tensor2D,
) {
  if (shape.blocks === undefined)
    return attentionGradient(config, shape, trace.attention as AttentionTrace, trace.attended, dAttended)
  const [q, k, v] = trace.attention as BlockTrace
  return blockAttentionGradient(config, shape.blocks, index, { q, k, v }, trace.attended, dAttended)
}

/** Frees what the trace holds beyond the layer's input, which the layer before owns as its output. */
export function disposeTrace({ input: _, attention, ...parts }: LayerTrace): void {
  tf.dispose([...Object.values(parts), ...attention])
}
