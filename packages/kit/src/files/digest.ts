/**
 * SHA-256 of what files hold, in hexadecimal digits, with memory for one piece of a file. Identities of models and corpora
 * are made of these, and records are told apart by identities: none may change for the same files.
 */
import { closeSync, createHash, createReadStream, join, openSync, readSync } from "@swirl-ts/platform"
import { diskError } from "./disk-errors.ts"

export interface DigestOptions {
  /** Counts as what the file begins with. */
  prefix?: string
  abortSignal?: AbortSignal
}

/** 64 hexadecimal digits. Throws a SwirlError where the file cannot be read, and the abort's reason. */
export async function fileDigest(path: string, { prefix = "", abortSignal }: DigestOptions = {}): Promise<string> {
  const hash = createHash("sha256").update(prefix)
  try {
    for await (const piece of createReadStream(path, { highWaterMark: pieceSize, signal: abortSignal })) {
      hash.update(piece as Buffer)
    }
  } catch (error) {
    abortSignal?.throwIfAborted()
    throw diskError(error, "read", path)
  }
  return hash.digest("hex")
}

/** Of files of a folder with their names, in this order. */
export async function filesDigest(folder: string, names: readonly string[]): Promise<string> {
  const hash = createHash("sha256")
  for (const name of names) hash.update(`${name} ${await fileDigest(join(folder, name))}\n`)
  return hash.digest("hex")
}

/** Of the contents of files, one after another, whatever their names; for who cannot wait. */
export function filesDigestSync(paths: readonly string[]): string {
  const hash = createHash("sha256")
  const piece = Buffer.allocUnsafe(pieceSize)
  for (const path of paths) {
    const file = openSync(path, "r")
    try {
      for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
        hash.update(piece.subarray(0, read))
    } finally {
      closeSync(file)
    }
    hash.update("\0")
  }
  return hash.digest("hex")
}

const pieceSize = 1 << 20
