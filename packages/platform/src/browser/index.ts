/**
 * The same names over what a browser has. Files are in memory and live as long as the worker that this runs in; what a browser
 * has nothing for (programs, packages that are looked up on a disk) is refused in a sentence, or is not there.
 */
import "./globals.ts"
import { sha256 } from "@noble/hashes/sha2.js"
import type * as node from "../node/index.ts"
import { bytesOf } from "./files.ts"

export { crc32 } from "./crc32.ts"
export {
  closeSync,
  copyFileSync,
  createReadStream,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from "./files.ts"
export {
  appendFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
  writeFile,
} from "./files-later.ts"
export { basename, dirname, extname, isAbsolute, join, relative, resolve } from "./paths.ts"

export const sep = "/"

export type { Hash } from "node:crypto"

/** SHA-256, the one digest that is made here. */
export const createHash = ((algorithm: string) => {
  if (algorithm !== "sha256") throw new Error(`There is no digest ${algorithm} here, only sha256.`)
  return hashOf(sha256.create())
}) as typeof node.createHash

function hashOf(state: ReturnType<typeof sha256.create>): node.Hash {
  const hash = {
    update(content: string | Uint8Array) {
      state.update(bytesOf(content))
      return hash
    },
    copy: () => hashOf(state.clone()),
    digest(encoding?: BufferEncoding) {
      const bytes = Buffer.from(state.digest())
      return encoding ? bytes.toString(encoding) : bytes
    },
  } as unknown as node.Hash
  return hash
}

export const randomBytes = ((size: number) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(size)))) as typeof node.randomBytes

export const isUtf8: typeof node.isUtf8 = (bytes) => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes as Uint8Array<ArrayBuffer>)
    return true
  } catch {
    return false
  }
}

/** A browser has no context that goes along with promises: the value is there while `work` runs, and not in what comes later. */
export class AsyncLocalStorage<T> {
  #value: T | undefined
  getStore(): T | undefined {
    return this.#value
  }
  run<R>(value: T, work: () => R): R {
    const before = this.#value
    this.#value = value
    try {
      return work()
    } finally {
      this.#value = before
    }
  }
}

/** Signals of browsers warn of no number of listeners. */
export const setMaxListeners = (): void => {}

export const nextTurn: typeof node.nextTurn = (value?: unknown) =>
  new Promise<never>((resolve) => setImmediate(() => resolve(value as never)))

export const pause: typeof node.pause = (milliseconds, value, options) =>
  new Promise((resolve, reject) => {
    const signal = options?.signal
    signal?.throwIfAborted()
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop)
      resolve(value as never)
    }, milliseconds)
    signal?.addEventListener("abort", stop, { once: true })
  })

export const arch = (): string => "wasm"
export const platform = (): string => "browser"
export const hostname = (): string => "browser"
export const availableParallelism = (): number => navigator.hardwareConcurrency || 1
export const cpus = (): { model: string }[] => [{ model: "browser" }]

/** What a wasm module can address at most; how much of it is free nobody says. */
export const totalmem = (): number => 4 * 2 ** 30
export const freemem = (): number => 4 * 2 ** 30

/** A file's path is the path of its address: there is one tree. */
export const fileURLToPath = (url: string | URL): string => decodeURIComponent(new URL(url).pathname)
export const pathToFileURL = (path: string): URL => new URL(`file://${encodeURI(path)}`)

/** Nothing is looked up in a browser: a bundler has put together what there is. */
export const createRequire = (() => {
  const refuse = (name: string): never => {
    throw Object.assign(new Error(`Cannot find module '${name}': a browser looks none up.`), {
      code: "MODULE_NOT_FOUND",
    })
  }
  return Object.assign(refuse, { resolve: refuse })
}) as unknown as typeof node.createRequire

export async function* gunzipped(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packed = ReadableStream.from(pieces) as ReadableStream<Uint8Array<ArrayBuffer>>
  yield* packed.pipeThrough(new DecompressionStream("gzip")) as unknown as AsyncIterable<Uint8Array>
}

export const programOutput = async (file: string): Promise<string> => {
  throw new Error(`${file} cannot be run: a browser runs no programs.`)
}
