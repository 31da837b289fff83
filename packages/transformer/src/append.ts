/**
 * Feeding new tokens to rows that have a cache: one token a row when decoding, many when a prompt comes in.
 * Invariant: appending in any chunking gives the logits of the uncached forward.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type ChunkAttention, growByJoining, growInPlace } from "./cached-attention.ts"
import { finalNorm } from "./forward.ts"
import { gated } from "./gate.ts"
import { kernelsFor } from "./kernels.ts"
import type { KeyValueCache } from "./key-value-cache.ts"
import { linear, weightRows } from "./linear.ts"
import { rmsNorm } from "./norm.ts"
import { checkId } from "./packed-batch.ts"
import { embeddingName, headName, type LayerPart, layerName } from "./parameters.ts"
import { createRotation, type Rotation, rotate } from "./rotary.ts"
import { type TransformerModel, weightOf } from "./transformer-model.ts"

interface Chunk {
  rows: number
  width: number
  rotation: Rotation
  attend: ChunkAttention
}

/**
 * Feeds `tokens[row]` (at least one each, lengths may differ) to every row. Returns the logits after each row's last
 * token, [rows, vocabulary], which the caller frees, and the grown cache; the old cache is used up.
 */
export function append(
  model: TransformerModel,
  cache: KeyValueCache,
  tokens: readonly (readonly number[])[],
): { logits: tf.Tensor2D; cache: KeyValueCache } {
  const { config } = model
  const rows = tokens.length
  const width = Math.max(...tokens.map((row) => row.length))
  const ids = new Int32Array(rows * width)
  const positions = new Int32Array(rows * width)
  const last = new Int32Array(rows)
  tokens.forEach((row, r) => {
    for (const id of row) checkId(config, id)
    ids.set(row, r * width)
    for (let c = 0; c < width; c++) positions[r * width + c] = cache.lengths[r]! + c
    last[r] = r * width + row.length - 1
  })
  const kernels = kernelsFor(config)
  const counts = tokens.map((row) => row.length)
  const growth =
    kernels === undefined ? growByJoining(config, cache, counts) : growInPlace(kernels, config, cache, counts)
  const logits = tf.tidy(() => {
    const chunk: Chunk = { rows, width, rotation: createRotation(config, positions), attend: growth.attend }
    let x = weightRows(model, embeddingName, tf.tensor1d(ids, "int32"))
    for (let index = 0; index < config.layers; index++) x = tf.tidy(() => appendLayer(model, index, chunk, x))
    const states = width === 1 ? x : (tf.gather(x, tf.tensor1d(last, "int32")) as tf.Tensor2D)
    return linear(model, headName(config), finalNorm(model, states))
  })
  return { logits, cache: growth.finish() }
}

function appendLayer(model: TransformerModel, index: number, chunk: Chunk, x: tf.Tensor2D): tf.Tensor2D {
  const { config } = model
  const name = (part: LayerPart): string => layerName(index, part)
  const normed = rmsNorm(x, weightOf(model, name("input_layernorm")), config.normEpsilon)
  const q = rotate(linear(model, name("self_attn.q_proj"), normed), chunk.rotation)
  const k = rotate(linear(model, name("self_attn.k_proj"), normed), chunk.rotation)
  const v = linear(model, name("self_attn.v_proj"), normed)
  const attended = chunk.attend(index, q, k, v)
  const middle = tf.add(x, linear(model, name("self_attn.o_proj"), attended)) as tf.Tensor2D
  const normedMiddle = rmsNorm(middle, weightOf(model, name("post_attention_layernorm")), config.normEpsilon)
  const inner = gated(
    linear(model, name("mlp.gate_proj"), normedMiddle),
    linear(model, name("mlp.up_proj"), normedMiddle),
  )
  return tf.add(middle, linear(model, name("mlp.down_proj"), inner)) as tf.Tensor2D
}
