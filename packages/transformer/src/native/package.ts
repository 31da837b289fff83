/**
 * tfjs-node and its GPU build in a peers folder: which of the two computes, and loading it on our tfjs-core.
 * Invariant: which one is loaded is told by what lies there and by `withoutGpu`, so asking before and after agree.
 */
import { existsSync } from "node:fs"
import Module, { createRequire } from "node:module"
import { join, resolve } from "node:path"
import util from "node:util"
import * as tf from "@tensorflow/tfjs-core"
import { withoutGpu } from "./nvidia-driver.ts"

export const gpuPackage = "@tensorflow/tfjs-node-gpu"
export const cpuPackage = "@tensorflow/tfjs-node"
/** What node-pre-gyp builds, in a package's folder. */
export const bindingFile = "lib/napi-v8/tfjs_binding.node"

export type NativeDevice = "gpu" | "cpu"

export interface NativePackage {
  package: string
  directory: string
}

export const packageDirectory = (peersDirectory: string, name: string): string =>
  resolve(peersDirectory, "node_modules", name)

const isBuilt = (peersDirectory: string, name: string): boolean =>
  existsSync(join(packageDirectory(peersDirectory, name), bindingFile))

/** The GPU build where a GPU may compute, else the CPU build; the only one where there is one. */
export function findNative(peersDirectory: string, missing: typeof withoutGpu = withoutGpu): NativePackage | undefined {
  const order = missing() === undefined ? [gpuPackage, cpuPackage] : [cpuPackage, gpuPackage]
  const name = order.find((each) => isBuilt(peersDirectory, each))
  return name === undefined ? undefined : { package: name, directory: packageDirectory(peersDirectory, name) }
}

/** Why the GPU build that lies in a folder computes on no GPU, as a sentence; `device`: where the loaded backend does. */
export function gpuProblem(
  peersDirectory: string,
  device?: NativeDevice,
  missing: typeof withoutGpu = withoutGpu,
): string | undefined {
  if (device === "gpu" || !isBuilt(peersDirectory, gpuPackage)) return undefined
  const reason = missing()
  if (reason !== undefined) return `CUDA is installed, but models compute on the CPU: ${reason}.`
  if (device === undefined) return undefined
  return "CUDA is installed and an NVIDIA driver is there, but TensorFlow started no GPU, so models compute on the CPU: TF_CPP_MIN_LOG_LEVEL=0 shows why (a driver older than CUDA 12 is one reason)."
}

/** Where the loaded native backend computes. */
export const nativeDevice = (): NativeDevice =>
  (tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice ? "gpu" : "cpu"

/** What TensorFlow reads from the environment when it starts; whoever set one keeps it. */
const environmentOf = (name: string) => ({
  // Its log would go to standard error, informative lines too; without a GPU also that it found none.
  TF_CPP_MIN_LOG_LEVEL: name === gpuPackage && withoutGpu() !== undefined ? "3" : "2",
  // Else the first process takes the GPU's whole memory, and others that run beside it find none.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
  // f32 is f32: cuBLAS would round factors to 10 bits (TF32), and sampling and training would differ by a thousandth.
  NVIDIA_TF32_OVERRIDE: "0",
})

type Resolver = (this: unknown, request: string, ...rest: unknown[]) => string

/** Loads and registers a package. */
export function loadNative({ package: name, directory }: NativePackage): void {
  const legacy = util as unknown as Record<string, unknown>
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  legacy.isArray = Array.isArray
  for (const [variable, value] of Object.entries(environmentOf(name))) process.env[variable] ??= value
  const internals = Module as unknown as { _resolveFilename: Resolver }
  const original = internals._resolveFilename
  const core = createRequire(import.meta.url).resolve("@tensorflow/tfjs-core")
  internals._resolveFilename = function (request, ...rest) {
    return request === "@tensorflow/tfjs-core" ? core : original.call(this, request, ...rest)
  }
  try {
    createRequire(join(directory, "package.json"))(directory)
  } finally {
    internals._resolveFilename = original
  }
}
