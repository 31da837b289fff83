/**
 * Our own wasm kernels, run on the memory of TensorFlow.js' wasm backend: attention, norms, rotations, gates, transposition.
 * Invariant: a kernel reads and writes only tensors of that backend and its own scratch; where it does not apply
 * (another backend, widths not a multiple of 4, heads not of 8, attention of another kind), `kernelsFor` is undefined and plain operations are used.
 */
import * as tf from "@tensorflow/tfjs-core"
import { kernelBytes } from "./kernel-bytes.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/** The part of the platform's WebAssembly that we use; the Node types leave it to the DOM's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: Record<string, object>) => { exports: object }
}

/** Arguments are byte pointers and sizes, as kernels/kernels.as lists them. */
type Kernel = (...numbers: number[]) => void
type KernelName =
  | "attend"
  | "attendGradient"
  | "attendCached"
  | "rmsNorm"
  | "rmsNormGradient"
  | "rotate"
  | "gated"
  | "gatedGradient"
  | "transpose"
  | "copyRows"

/** What we use of the wasm backend's inside. */
interface WasmBackend extends tf.KernelBackend {
  wasm: { asm: { memory: object }; _malloc(bytes: number): number; _free(at: number): void }
  dataIdMap: { get(id: object): { memoryOffset: number } }
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo
}

export interface Kernels extends Readonly<Record<KernelName, Kernel>> {
  /** The address of a tensor's numbers; valid until the tensor is freed. */
  at(tensor: tf.Tensor): number
  /** A tensor of unspecified numbers. */
  make<T extends tf.Tensor>(shape: readonly number[]): T
  /** The address of at least `numbers` f32, overwritten by the next kernel that asks. */
  scratch(numbers: number): number
}

let loaded: { backend: object; kernels: Kernels | undefined } | undefined

/** The kernels if the wasm backend is active. */
export function activeKernels(): Kernels | undefined {
  if (tf.getBackend() !== "wasm") return undefined
  const backend = tf.backend() as WasmBackend
  if (loaded?.backend !== backend) loaded = { backend, kernels: load(backend) }
  return loaded.kernels
}

/** The kernels if they can compute a model of this shape. They know neither windows nor caps of attention scores. */
export function kernelsFor(config: TransformerConfig): Kernels | undefined {
  const widths = config.headSize % 8 === 0 && config.hiddenSize % 4 === 0 && config.innerSize % 4 === 0
  const fits = widths && config.slidingWindow === undefined && config.attentionSoftCap === undefined
  return fits ? activeKernels() : undefined
}

function load(backend: WasmBackend): Kernels | undefined {
  const memory = backend.wasm.asm?.memory
  if (memory === undefined || typeof backend.makeOutput !== "function") return undefined
  let compiled: object
  try {
    compiled = new WebAssembly.Module(Buffer.from(kernelBytes, "base64"))
  } catch {
    return undefined // no SIMD here
  }
  const instance = new WebAssembly.Instance(compiled, { env: { memory, log: Math.log, abort: () => {} } })
  let scratch = { at: 0, numbers: 0 }
  return {
    ...(instance.exports as Record<KernelName, Kernel>),
    at: (tensor) => backend.dataIdMap.get(tensor.dataId).memoryOffset,
    make: <T extends tf.Tensor>(shape: readonly number[]) =>
      tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], "float32")) as T,
    scratch: (numbers) => {
      if (scratch.numbers < numbers) {
        if (scratch.at !== 0) backend.wasm._free(scratch.at)
        scratch = { at: backend.wasm._malloc(numbers * 4), numbers }
      }
      return scratch.at
    },
  }
}
