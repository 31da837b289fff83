/** Tensors under their Hugging Face names: one of a checkpoint on disk, and all of a model. */
import type * as tf from "@tensorflow/tfjs-core"

/** Tensors of the active backend by name. */
export type Weights = Record<string, tf.Tensor>

export interface Weight {
  name: string
  /** The file it is from, for errors. */
  file: string
  shape: readonly number[]
  /** Owned by whoever is given it. */
  data: Float32Array<ArrayBuffer>
}
