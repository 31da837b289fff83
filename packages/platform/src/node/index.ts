/** Node's own: nothing is changed on the way. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { createGunzip } from "node:zlib"

export { AsyncLocalStorage } from "node:async_hooks"
export { isUtf8 } from "node:buffer"
export { createHash, type Hash, randomBytes } from "node:crypto"
export { setMaxListeners } from "node:events"
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
} from "node:fs"
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
} from "node:fs/promises"
export { createRequire } from "node:module"
export { arch, availableParallelism, cpus, freemem, hostname, platform, totalmem } from "node:os"
export { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path"
export { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises"
export { fileURLToPath, pathToFileURL } from "node:url"
export { crc32 } from "node:zlib"

/** The pieces of a file, unpacked from gzip on the way. */
export async function* gunzipped(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { pipeline, Readable } = await import("node:stream")
  // What goes wrong ends the stream that is read.
  yield* pipeline(Readable.from(pieces), createGunzip(), () => {})
}

/** What a program writes to its standard output. Rejects where it cannot be run, or fails. */
export async function programOutput(
  file: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<string> {
  return (await promisify(execFile)(file, args, options)).stdout
}
