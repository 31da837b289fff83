/**
 * The TensorFlow.js backend that computes: "wasm" everywhere, "native" where tfjs-node is installed, "cpu" for checks.
 * Invariant: there is one tfjs-core. The native package is loaded with its tfjs-core resolved to ours.
 */
import { existsSync } from "node:fs"
import Module, { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"
import util from "node:util"
import * as tf from "@tensorflow/tfjs-core"

export type BackendName = "wasm" | "native" | "cpu"

const here = createRequire(import.meta.url)
const nativePackages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const
const registryName: Record<BackendName, string> = { wasm: "wasm", native: "tensorflow", cpu: "cpu" }

/**
 * Makes `name` the active backend and waits until it computes. `native` is loaded from `<peersDirectory>/node_modules`
 * (see `installNativeBackend`). Throws an Error saying what is missing. Calling it again is cheap.
 */
export async function initBackend(
  name: BackendName = "wasm",
  options: { peersDirectory?: string } = {},
): Promise<void> {
  if (tf.getBackend() === registryName[name]) return
  if (name === "native" && tf.findBackend("tensorflow") === null) loadNative(options.peersDirectory)
  if (name === "wasm") {
    const wasm = await import("@tensorflow/tfjs-backend-wasm")
    wasm.setWasmPaths(`${dirname(here.resolve("@tensorflow/tfjs-backend-wasm"))}/`)
    wasm.setThreadsCount(1)
  }
  if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu")
  if (!(await tf.setBackend(registryName[name])))
    throw new Error(`The ${name} backend of TensorFlow.js could not be started.`)
  await tf.ready()
}

/** What is active, and which native package lies in `peersDirectory`. */
export interface BackendStatus {
  active: BackendName | undefined
  native: { installed: boolean; package?: string; directory?: string }
}

export function backendStatus(options: { peersDirectory?: string } = {}): BackendStatus {
  const active = (Object.keys(registryName) as BackendName[]).find((name) => registryName[name] === tf.getBackend())
  const found = options.peersDirectory === undefined ? undefined : findNative(options.peersDirectory)
  return { active, native: found === undefined ? { installed: false } : { installed: true, ...found } }
}

function findNative(peersDirectory: string): { package: string; directory: string } | undefined {
  for (const name of nativePackages) {
    const directory = resolve(peersDirectory, "node_modules", name)
    if (existsSync(join(directory, "lib/napi-v8/tfjs_binding.node"))) return { package: name, directory }
  }
  return undefined
}

type Resolver = (this: unknown, request: string, ...rest: unknown[]) => string

function loadNative(peersDirectory: string | undefined): void {
  const found = peersDirectory === undefined ? undefined : findNative(peersDirectory)
  if (found === undefined)
    throw new Error(
      `The native TensorFlow backend is not installed in ${peersDirectory ?? "(no peers directory given)"}. Run: swirl backend install`,
    )
  const legacy = util as unknown as Record<string, unknown>
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  legacy.isArray = Array.isArray
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"
  const internals = Module as unknown as { _resolveFilename: Resolver }
  const original = internals._resolveFilename
  const core = here.resolve("@tensorflow/tfjs-core")
  internals._resolveFilename = function (request, ...rest) {
    return request === "@tensorflow/tfjs-core" ? core : original.call(this, request, ...rest)
  }
  try {
    createRequire(join(found.directory, "package.json"))(found.directory)
  } finally {
    internals._resolveFilename = original
  }
}
