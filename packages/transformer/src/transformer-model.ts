/**
 * A model: a config and its weights, flat under Hugging Face names, and low-rank adapters on top of them.
 * Invariant: weights are replaced, never written in place; whoever replaces one disposes the old one and its transposed copy.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type Adapter, disposeAdapter } from "./adapter.ts"
import { normals } from "./counter-random.ts"
import { parameterShapes } from "./parameters.ts"
import { checkConfig, type TransformerConfig } from "./transformer-config.ts"
import type { Weights } from "./weight.ts"

export type { Weights }

export interface TransformerModel {
  config: TransformerConfig
  /** f32; matrices may be bf16 on the native backend (half-tensor.ts). */
  weights: Weights
  /** [in, out] copies made on demand where the backend multiplies those faster. */
  transposed: Map<string, tf.Tensor2D>
  /** Added to the linear weights, all of them. */
  adapters: readonly Adapter[]
  /** The one of `adapters` that is trained: everything else is frozen then. Without one the weights are trained. */
  trained?: Adapter
}

export const createModel = (config: TransformerConfig, weights: Weights): TransformerModel => ({
  config,
  weights,
  transposed: new Map(),
  adapters: [],
})

/** The model with another adapter on top, sharing everything; with `train`, that adapter alone is trained. */
export const withAdapter = (model: TransformerModel, adapter: Adapter, train = false): TransformerModel => ({
  ...model,
  adapters: [...model.adapters, adapter],
  trained: train ? adapter : model.trained,
})

/** The same weights without the adapter that is trained: the policy that its training began with. */
export const withoutTrained = (model: TransformerModel): TransformerModel => ({
  ...model,
  adapters: model.adapters.filter((adapter) => adapter !== model.trained),
  trained: undefined,
})

/** What is trained, by name: the weights, or the adapter that is trained. */
export const trainedWeights = (model: TransformerModel): Weights => model.trained?.weights ?? model.weights

/** Whether the weights themselves stay as they are, so that nobody computes their gradients. */
export const isFrozen = (model: TransformerModel): boolean => model.trained !== undefined

/** A weight, or a matrix of the trained adapter, by its name; throws where the model has none. */
export function weightOf(model: TransformerModel, name: string): tf.Tensor {
  const weight = model.weights[name] ?? model.trained?.weights[name]
  if (weight === undefined) throw new Error(`The model has no weight called ${name}.`)
  return weight
}

/**
 * Fresh weights: matrices normal with deviation 1/sqrt(in), those that write into the residual stream
 * (o_proj, down_proj) divided by sqrt(2 · layers); norms multiply by one; biases zero; embeddings normal with `embeddingDeviation`.
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
      weights[name] = tf.fill([rows], name.endsWith(".bias") ? 0 : 1 - (config.normOffset ?? 0))
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

/** A copy of the weights alone, with its own tensors: training one leaves the other as it was. */
export function cloneModel(model: TransformerModel): TransformerModel {
  const weights: Weights = {}
  for (const [name, weight] of Object.entries(model.weights))
    weights[name] = tf.tensor(weight.dataSync().slice(), weight.shape, "float32")
  return createModel(model.config, weights)
}

/** Puts `value` in the place of the weight, or of the trained adapter's matrix, `name` and frees what it replaces. */
export function replaceWeight(model: TransformerModel, name: string, value: tf.Tensor): void {
  const ofAdapter = model.trained !== undefined && name in model.trained.weights
  const weights = ofAdapter ? trainedWeights(model) : model.weights
  const copies = ofAdapter ? model.trained?.prepared : model.transposed
  weights[name]?.dispose()
  weights[name] = value
  copies?.get(name)?.dispose()
  copies?.delete(name)
}

/** Overwrites what is trained of `target` with the same of `source` (same config), e.g. to follow a live policy. */
export function copyWeights(source: TransformerModel, target: TransformerModel): void {
  for (const [name, weight] of Object.entries(trainedWeights(source)))
    replaceWeight(target, name, tf.tensor(weight.dataSync().slice(), weight.shape, "float32"))
}

/** Frees every tensor of the model, its adapters included. */
export function disposeModel(model: TransformerModel): void {
  for (const weight of Object.values(model.weights)) weight.dispose()
  for (const copy of model.transposed.values()) copy.dispose()
  model.transposed.clear()
  for (const adapter of model.adapters) disposeAdapter(adapter)
}
