/** Token ids to hidden states, and back to the gradient of the embedding. */
import * as tf from "@tensorflow/tfjs-core"
import { weightRows } from "./linear.ts"
import { embeddingName } from "./parameters.ts"
import type { TransformerModel } from "./transformer-model.ts"

const scaled = (model: TransformerModel, x: tf.Tensor2D): tf.Tensor2D => {
  const { embeddingScale = 1 } = model.config
  return embeddingScale === 1 ? x : tf.mul(x, embeddingScale)
}

/** [rows, hidden], one row an id. */
export const embed = (model: TransformerModel, ids: tf.Tensor1D): tf.Tensor2D =>
  tf.tidy(() => scaled(model, weightRows(model, embeddingName, ids)))

/** [vocabulary, hidden], from the gradient of the hidden states. */
export const embeddingGradient = (model: TransformerModel, ids: tf.Tensor1D, dx: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => {
    const { vocabularySize, hiddenSize } = model.config
    return tf.scatterND(tf.reshape(ids, [-1, 1]), scaled(model, dx), [vocabularySize, hiddenSize]) as tf.Tensor2D
  })
