/**
 * bf16 tensors on the native backend. TensorFlow.js has no such type, TensorFlow has: a half tensor is one of its own behind
 * a TensorFlow.js handle, which frees and counts it like any other. Invariant: only the functions here compute with one.
 */
import * as tf from "@tensorflow/tfjs-core"

/** TensorFlow's number of bf16. */
const bfloat16 = 14

interface Attribute {
  name: string
  type: number
  value: number | boolean
}

/** What tfjs-node's backend offers beyond TensorFlow.js's own interface. */
interface NativeBackend {
  binding: {
    TF_ATTR_TYPE: number
    TF_ATTR_BOOL: number
    TF_FLOAT: number
    executeOp(
      name: string,
      attributes: Attribute[],
      inputs: number[],
      outputs: number,
    ): { id: number; shape: number[] }[]
  }
  tensorMap: { set(dataId: object, info: object): void }
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[]
}

const halves = new WeakSet<tf.Tensor>()

/** Is this a bf16 tensor, which only the functions of this file may be given? */
export const isHalf = (tensor: tf.Tensor): boolean => halves.has(tensor)

/** Whether the active backend computes in bf16. */
export const hasHalves = (): boolean => tf.getBackend() === "tensorflow"

const native = (): NativeBackend => tf.backend() as unknown as NativeBackend

function execute(
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: Record<string, number | boolean>,
  half: boolean,
) {
  const backend = native()
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT } = backend.binding
  const list = Object.entries(attributes).map(
    ([key, value]): Attribute => ({ name: key, type: typeof value === "number" ? TF_ATTR_TYPE : TF_ATTR_BOOL, value }),
  )
  const { id, shape } = backend.binding.executeOp(name, list, backend.getInputTensorIds(inputs), 1)[0]!
  const dataId = {}
  backend.tensorMap.set(dataId, { shape, dtype: half ? bfloat16 : TF_FLOAT, id, values: null, refCount: 1 })
  const tensor = tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype: "float32" })
  if (half) halves.add(tensor)
  return tensor
}

/** A bf16 copy. */
export function toHalf<T extends tf.Tensor>(x: T): T {
  const { TF_FLOAT } = native().binding
  return execute("Cast", [x], { SrcT: TF_FLOAT, DstT: bfloat16, Truncate: false }, true) as T
}

/** An f32 copy of a bf16 tensor. */
function fromHalf<T extends tf.Tensor>(x: T): T {
  const { TF_FLOAT } = native().binding
  return execute("Cast", [x], { SrcT: bfloat16, DstT: TF_FLOAT, Truncate: false }, false) as T
}

/** x · weight, or x · weightᵀ: x is f32 and rounded to bf16, products are summed in f32 and rounded once, the result is f32. */
export function halfProduct(x: tf.Tensor2D, weight: tf.Tensor, transposed: boolean): tf.Tensor2D {
  return tf.tidy(() => {
    const attributes = { T: bfloat16, transpose_a: false, transpose_b: transposed }
    return fromHalf(execute("MatMul", [toHalf(x), weight], attributes, true) as tf.Tensor2D)
  })
}

/** Rows of a bf16 matrix by their indices, as f32. */
export function halfRows(matrix: tf.Tensor, indices: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const attributes = { Tparams: bfloat16, Tindices: indexType, validate_indices: true }
    return fromHalf(execute("Gather", [matrix, indices], attributes, true) as tf.Tensor2D)
  })
}

/** TensorFlow's number of int32. */
const indexType = 3

/** The numbers of an f32 or bf16 tensor. */
export function valuesOf(tensor: tf.Tensor): Float32Array {
  if (!isHalf(tensor)) return tensor.dataSync() as Float32Array
  return tf.tidy(() => fromHalf(tensor).dataSync() as Float32Array)
}
