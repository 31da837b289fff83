/**
 * Feeding new tokens to rows that have a cache: one token a row when decoding, many when a prompt comes in.
 * Invariant: appending in any chunking gives the logits of the uncached forward.
 */
import * as tf from "@tensorflow/tfjs-core"
import { growByJoining, growInPlace } from "./cached-attention.ts"
import { embed } from "./embedding.ts"
import { finalNorm } from "./forward.ts"
import { logitsOf } from "./head.ts"
import { kernelsFor } from "./kernels.ts"
import type { KeyValueCache } from "./key-value-cache.ts"
import { computeLayer } from "./layer.ts"
import { checkId } from "./packed-batch.ts"
import { createRotations, rotationOf } from "./rotary.ts"
import type { TransformerModel } from "./transformer-model.ts"

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
    const rotations = createRotations(config, positions)
    let x = embed(model, tf.tensor1d(ids, "int32"))
    for (let index = 0; index < config.layers; index++)
      x = tf.tidy(() => {
        const rotation = rotationOf(config, rotations, index)
        return computeLayer(model, index, rotation, x, (q, k, v) => growth.attend(index, q, k, v)).output
      })
    const states = width === 1 ? x : (tf.gather(x, tf.tensor1d(last, "int32")) as tf.Tensor2D)
    return logitsOf(model, finalNorm(model, states))
  })
  return { logits, cache: growth.finish() }
}
