/**
 * Cached rows as arrays of the process instead of tensors. What is kept of conversations that ended lies there for long and is
 * small beside a batch: within TensorFlow's allocator it leaves gaps that nothing large fits into, and those are never given back.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { CacheLayer } from "./cache-layers.ts"
import type { CachedRow, StoredLayer } from "./key-value-cache.ts"

/** In place of the row, whose own tensors are freed; what it shares stays where it is. */
export function storeRow(row: CachedRow): CachedRow {
  const part = (tensor: tf.Tensor4D): StoredLayer["keys"] => ({
    numbers: tensor.dataSync<"float32">() as Float32Array,
    shape: tensor.shape,
  })
  const stored = row.layers.map(({ keys, values }): StoredLayer => {
    const layer = { keys: part(keys), values: part(values) }
    tf.dispose([keys, values])
    return layer
  })
  return { ...row, layers: [], stored }
}

/** A layer's own tensors: of a stored row new ones, so within `tf.tidy`. */
export function ownLayer({ layers, stored }: CachedRow, index: number): CacheLayer {
  if (stored === undefined) return layers[index]!
  const { keys, values } = stored[index]!
  return { keys: tf.tensor4d(keys.numbers, keys.shape), values: tf.tensor4d(values.numbers, values.shape) }
}
