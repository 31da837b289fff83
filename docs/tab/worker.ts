/**
 * Runs the loop beside the page. Records are in this worker's memory: run again with the same settings it goes on, and what
 * is asked for as a download is all that there is of the run.
 */
import { errorMessage } from "@swirl-ts/core"
import * as files from "@swirl-ts/platform"
import { initBackend } from "@swirl-ts/transformer"
import { type Zippable, zipSync } from "fflate"
import { type LoopSettings, runLoop } from "./loop.ts"
import type { FromWorker, ToWorker } from "./messages.ts"

const scope = globalThis as unknown as {
  postMessage(message: FromWorker, transfer?: ArrayBuffer[]): void
  onmessage: (event: { data: ToWorker }) => void
}
const say = (message: FromWorker): void => scope.postMessage(message)

/** The policy's files and TensorFlow.js' wasm, as addresses beside this script. */
const modelFiles = import.meta.glob<string>("../../packages/policy-nano/model/*.{json,safetensors}", {
  query: "?url",
  import: "default",
  eager: true,
})
const wasmFiles = import.meta.glob<string>("../../node_modules/@tensorflow/tfjs-backend-wasm/dist/*.wasm", {
  query: "?url",
  import: "default",
  eager: true,
})
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/** The smallest module with an instruction of SIMD. */
const simd = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
])

let ready: Promise<void> | undefined
let stopping: AbortController | undefined
let directory = ""

async function prepare(): Promise<void> {
  const { WebAssembly: wasm } = globalThis as { WebAssembly?: { validate(bytes: Uint8Array): boolean } }
  if (!wasm) throw new Error("This browser has no WebAssembly, which the model computes with. Use a current one.")
  if (!wasm.validate(simd))
    throw new Error("This browser's WebAssembly has no SIMD, which the model computes with. Use a current one.")
  await files.mkdir("/nano", { recursive: true })
  await Promise.all(
    Object.entries(modelFiles).map(async ([path, address]) => {
      const answer = await fetch(new URL(address, import.meta.url))
      if (!answer.ok)
        throw new Error(`The policy's ${nameOf(path)} could not be fetched: ${answer.status}. Load the page again.`)
      await files.writeFile(`/nano/${nameOf(path)}`, new Uint8Array(await answer.arrayBuffer()))
    }),
  )
  const addresses = Object.entries(wasmFiles).map(([path, address]) => [
    nameOf(path),
    new URL(address, import.meta.url).href,
  ])
  await initBackend("wasm", { wasmFiles: Object.fromEntries(addresses) })
}

const folderOf = ({ task, judge, seed }: LoopSettings): string => `/runs/${task}-${judge}-${seed}`

async function run(settings: LoopSettings): Promise<void> {
  if (stopping) return
  const controller = new AbortController()
  stopping = controller
  const started = performance.now()
  try {
    ready ??= prepare()
    await ready
    directory = folderOf(settings)
    say({ kind: "started", backend: "wasm" })
    const result = await runLoop(settings, {
      host: { cacheDirectory: "/cache", workingDirectory: "/", environment: { SWIRL_NANO: "/nano" } },
      directory,
      tell: say,
      abortSignal: controller.signal,
    })
    say({ kind: "done", result, seconds: (performance.now() - started) / 1000 })
  } catch (error) {
    // What could not be prepared is tried again.
    if (directory === "") ready = undefined
    if (controller.signal.aborted) say({ kind: "stopped" })
    else say({ kind: "failed", message: inWords(error) })
  } finally {
    stopping = undefined
  }
}

function inWords(error: unknown): string {
  const text = errorMessage(error)
  if (error instanceof RangeError && /memory|allocation|buffer/i.test(text))
    return `The browser gave no more memory (${text}). Close other tabs and continue, or take a smaller run.`
  return text
}

/** The run folder as one archive, the folder's name first, so that it unpacks into a folder of its own. */
async function archive(): Promise<void> {
  const name = directory.slice(directory.lastIndexOf("/") + 1)
  const content: Zippable = {}
  for (const entry of await files.readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === "lock" || entry.name.startsWith(".")) continue
    const path = files.join(entry.parentPath, entry.name)
    // Weights do not get smaller.
    const level = path.endsWith(".safetensors") ? 0 : 6
    content[`${name}/${files.relative(directory, path)}`] = [new Uint8Array(await files.readFile(path)), { level }]
  }
  const bytes = zipSync(content) as Uint8Array<ArrayBuffer>
  scope.postMessage({ kind: "archive", name: `swirl-${name}.zip`, bytes }, [bytes.buffer])
}

scope.onmessage = ({ data }) => {
  if (data.kind === "run") void run(data.settings)
  else if (data.kind === "stop") stopping?.abort(new Error("stopped"))
  else if (data.kind === "ping") say({ kind: "pong" })
  else archive().catch((error) => say({ kind: "failed", message: inWords(error) }))
}
