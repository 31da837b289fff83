/**
 * Which TensorFlow.js backend computes: the one that is asked for, else native where `swirl backend install` has been
 * run, else wasm. There is one backend a process; the first model decides for all. A CUDA build that finds no GPU says so.
 */
import { errorMessage, type Host, SwirlError } from "@swirl-ts/core"
import { peersDirectory } from "@swirl-ts/kit"
import { type BackendName, backendStatus, initBackend } from "@swirl-ts/transformer"

/** Starts the backend and returns its name. `asked` wins over SWIRL_BACKEND. */
export async function startBackend(asked: string | undefined, host: Host): Promise<BackendName> {
  const wanted = asked ?? host.environment.SWIRL_BACKEND
  const options = { peersDirectory: peersDirectory(host) }
  if (wanted !== undefined && wanted !== "wasm" && wanted !== "native" && wanted !== "cpu") {
    throw new SwirlError(`There is no backend "${wanted}". Use wasm or native.`, { kind: "usage" })
  }
  const status = backendStatus(options)
  // What runs already goes on: tensors of another model live there.
  if (wanted === undefined && status.active !== undefined) return status.active
  const name = wanted ?? (status.native.installed ? "native" : "wasm")
  try {
    await initBackend(name, options)
    const { problem } = name === "native" ? backendStatus(options).native : {}
    // Who hides the GPU knows it.
    if (problem && host.environment.CUDA_VISIBLE_DEVICES === undefined) host.log(problem)
    return name
  } catch (cause) {
    if (wanted !== undefined || name === "wasm") throw new SwirlError(errorMessage(cause), { cause })
    const [reason] = errorMessage(cause).split("\n")
    host.log(`The native backend cannot be used (${reason}); going on with wasm.`)
    await initBackend("wasm")
    return "wasm"
  }
}
