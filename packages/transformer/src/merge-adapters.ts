/** Adapters added into the weights they are on: a model that computes the same without any. */
import * as tf from "@tensorflow/tfjs-core"
import { adapterPair, disposeAdapter } from "./adapter.ts"
import { isHalf } from "./half-tensor.ts"
import { replaceWeight, type TransformerModel } from "./transformer-model.ts"

/** Writes W + scale · B A in the place of every adapted W and frees the adapters. Throws for bf16 weights, which would round it away. */
export function mergeAdapters(model: TransformerModel): TransformerModel {
  const merged: TransformerModel = { ...model, adapters: [], trained: undefined }
  for (const [name, weight] of Object.entries(model.weights))
    for (const adapter of model.adapters) {
      const pair = adapterPair(adapter, name)
      if (pair === undefined) continue
      if (isHalf(weight)) throw new Error(`${name} is bf16: load the base in f32 to merge an adapter into it.`)
      const { a, up } = pair
      const sum = tf.tidy(() => tf.add(merged.weights[name]!, tf.matMul(tf.transpose(up), a)))
      replaceWeight(merged, name, sum)
    }
  for (const adapter of model.adapters) disposeAdapter(adapter)
  return merged
}
