// The backend tests run on: wasm, or what SWIRL_TEST_BACKEND (wasm, native, cpu) names, native from the folder SWIRL_PEERS.

import { type BackendName, initBackend } from "./backend.ts"

/** Starts the test backend and returns its name. */
export async function initTestBackend(): Promise<BackendName> {
  const name = (process.env.SWIRL_TEST_BACKEND ?? "wasm") as BackendName
  const peersDirectory = process.env.SWIRL_PEERS
  await initBackend(name, peersDirectory === undefined ? {} : { peersDirectory })
  return name
}
