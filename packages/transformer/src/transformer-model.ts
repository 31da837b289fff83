/**
 * A model: a config and its weights, flat under Hugging Face names.
 * Invariant: weights are replaced, never written in place; whoever replaces one disposes the old one and its transposed copy.
 */
import * as tf from "@tensorflow/tfjs-core"
import { normals } from "./counter-random.ts"
import { parameterShapes } from "./parameters.ts"
import { checkConfig, type TransformerConfig } from "./transformer-config.ts"

export type Weights = Record<string, tf.Tensor>

/** `transposed` holds [in, out] copies made on demand where the backend multiplies those faster. */
export interface TransformerModel {
  config: TransformerConfig
  weights: Weights
  transposed: Map<string, tf.Tensor2D>
}

export const createModel = (config: TransformerConfig, weights: Weights): TransformerModel => ({
  config,
  weights,
  transposed: new Map(),
})

/** A weight by its Hugging Face name; throws where the model has none. */
export function weightOf(model: TransformerModel, name: string): tf.Tensor {
  const weight = model.weights[name]
  if (weight === undefined) throw new Error(`The model has no weight called ${name}.`)
  return weight
}

/**
 * Fresh weights: matrices normal with deviation 1/sqrt(in), those that write into the residual stream
 * (o_proj, down_proj) divided by sqrt(2 · layers); norms one; embeddings normal with `embeddingDeviation`.
 */
export function initModel(
  config: TransformerConfig,
  seed: number | string,
  embeddingDeviation = 0.05,
): TransformerModel {
  checkConfig(config)
  const weights: Weights = {}
  for (const [name, shape] of parameterShapes(config)) {
    const [rows = 1, columns] = shape
    if (columns === undefined) {
      weights[name] = tf.ones([rows])
      continue
    }
    const embedding = name.includes("embed_tokens") || name.includes("lm_head")
    const residual = name.includes("o_proj") || name.includes("down_proj") ? 1 / Math.sqrt(2 * config.layers) : 1
    const deviation = embedding ? embeddingDeviation : residual / Math.sqrt(columns)
    weights[name] = tf.tensor2d(
      normals(`${seed}/${name}`, rows * columns).map((value) => value * deviation),
      [rows, columns],
    )
  }
  return createModel(config, weights)
}

/** A copy with its own tensors: training one leaves the other as it was. */
export function cloneModel(model: TransformerModel): TransformerModel {
  const weights: Weights = {}
  for (const [name, weight] of Object.entries(model.weights))
    weights[name] = tf.tensor(weight.dataSync().slice(), weight.shape, "float32")
  return createModel(model.config, weights)
}

/** Puts `value` in the place of the weight `name` and frees what it replaces. */
export function replaceWeight(model: TransformerModel, name: string, value: tf.Tensor): void {
  model.weights[name]?.dispose()
  model.weights[name] = value
  model.transposed.get(name)?.dispose()
  model.transposed.delete(name)
}

/** Overwrites the weights of `target` with those of `source` (same config), e.g. to follow a live policy. */
export function copyWeights(source: TransformerModel, target: TransformerModel): void {
  for (const [name, weight] of Object.entries(source.weights))
    replaceWeight(target, name, tf.tensor(weight.dataSync().slice(), weight.shape, "float32"))
}

/** Frees every tensor of the model. */
export function disposeModel(model: TransformerModel): void {
  for (const weight of Object.values(model.weights)) weight.dispose()
  for (const copy of model.transposed.values()) copy.dispose()
  model.transposed.clear()
}
