import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { peersDirectory } from "@swirl-ts/kit"
import { backendStatus } from "@swirl-ts/transformer"
import { expect, it } from "vitest"
import { wasmHost } from "../test/tiny-policy.ts"
import { startBackend } from "./backend-choice.ts"

// One process has one backend, so the order of these tests matters.
it("says how to install a native backend that was asked for and is not there", async () => {
  await expect(startBackend("native", wasmHost())).rejects.toThrow("swirl backend install")
})

it("goes on with wasm, and says so, where the installed native library cannot be loaded", async () => {
  const lines: string[] = []
  const host = wasmHost({ environment: {}, log: (line) => lines.push(line) })
  const binding = join(peersDirectory(host), "node_modules", "@tensorflow", "tfjs-node", "lib", "napi-v8")
  mkdirSync(binding, { recursive: true })
  writeFileSync(join(binding, "tfjs_binding.node"), "not a library")
  expect(await startBackend(undefined, host)).toBe("wasm")
  expect(lines.join()).toMatch(/native backend cannot be used.*wasm/)
  expect(backendStatus().active).toBe("wasm")
})

it("keeps the running backend unless another one is asked for", async () => {
  expect(await startBackend(undefined, wasmHost({ environment: {} }))).toBe("wasm")
  expect(await startBackend("cpu", wasmHost())).toBe("cpu")
  expect(await startBackend(undefined, wasmHost({ environment: {} }))).toBe("cpu")
  expect(await startBackend(undefined, wasmHost({ environment: { SWIRL_BACKEND: "wasm" } }))).toBe("wasm")
})
