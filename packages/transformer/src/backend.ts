/**
 * The TensorFlow.js backend that computes: "wasm" everywhere, "native" where tfjs-node is installed, "cpu" for checks.
 * Invariant: there is one tfjs-core. The native package is loaded with its tfjs-core resolved to ours; in a browser there is none.
 */
import { createRequire, dirname } from "@swirl-ts/platform"
import * as tf from "@tensorflow/tfjs-core"
import { findNative, gpuProblem, loadNative, nativeDevice } from "#native"
import type { NativeDevice } from "./native/package.ts"

export type BackendName = "wasm" | "native" | "cpu"

const registryName: Record<BackendName, string> = { wasm: "wasm", native: "tensorflow", cpu: "cpu" }

/**
 * Makes `name` the active backend and waits until it computes. `native` is loaded from `<peersDirectory>/node_modules`
 * (see `installNativeBackend`): the GPU build where it is installed and a GPU may compute, else the CPU build, else the GPU
 * build on the CPU. `wasmFiles`: the folder that TensorFlow.js' wasm files are in, ending in "/", or the address of each; default:
 * where its package lies. Throws an Error saying what is missing. Calling it again is cheap.
 */
export async function initBackend(
  name: BackendName = "wasm",
  options: { peersDirectory?: string; wasmFiles?: string | Readonly<Record<string, string>> } = {},
): Promise<void> {
  if (tf.getBackend() === registryName[name]) return
  if (name === "native" && tf.findBackend("tensorflow") === null) {
    const found = options.peersDirectory === undefined ? undefined : findNative(options.peersDirectory)
    if (found === undefined)
      throw new Error(
        `The native TensorFlow backend is not installed in ${options.peersDirectory ?? "(no peers directory given)"}. Run: swirl backend install`,
      )
    loadNative(found)
  }
  if (name === "wasm") {
    const wasm = await import("@tensorflow/tfjs-backend-wasm")
    wasm.setWasmPaths(options.wasmFiles ?? `${dirname(wasmModule())}/`)
    wasm.setThreadsCount(1)
  }
  if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu")
  if (!(await tf.setBackend(registryName[name])))
    throw new Error(`The ${name} backend of TensorFlow.js could not be started.`)
  await tf.ready()
}

const wasmModule = (): string => createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")

/** What is active, and which native package of `peersDirectory` is loaded, or would be. */
export interface BackendStatus {
  active: BackendName | undefined
  native: {
    installed: boolean
    package?: string
    directory?: string
    /** Where the active native backend computes. */
    device?: NativeDevice
    /** Why an installed GPU build does not compute on a GPU, and what to do, as a sentence. */
    problem?: string
  }
}

export function backendStatus(options: { peersDirectory?: string } = {}): BackendStatus {
  const { peersDirectory } = options
  const active = (Object.keys(registryName) as BackendName[]).find((name) => registryName[name] === tf.getBackend())
  const device = active === "native" ? nativeDevice() : undefined
  const found = peersDirectory === undefined ? undefined : findNative(peersDirectory)
  if (found === undefined || peersDirectory === undefined) return { active, native: { installed: false, device } }
  return { active, native: { installed: true, ...found, device, problem: gpuProblem(peersDirectory, device) } }
}
