/**
 * Vectors that were paid for once are kept: one append-only file an embedder, below `<cache>/embeddings`. After a header
 * line come records of one size: key (first 16 bytes of the SHA-256 of kind and text), vector (float32), checksum. A torn
 * tail is cut when the file is opened; a record is checked each time it is read, so what another process did to the file
 * meanwhile is at worst a vector computed again.
 */
import { createHash } from "node:crypto"
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from "node:fs"
import { dirname, join } from "node:path"
import { crc32 } from "node:zlib"
import { contentHash, type Embedder, type Host, SwirlError, slug } from "@swirl-ts/core"
import { checkSize, inBatches } from "./vectors.ts"

const keySize = 16
const checkLength = 4
const scanSize = 1 << 22

const cachePath = (host: Host, identity: string): string =>
  join(host.cacheDirectory, "embeddings", `${slug(identity)}-${contentHash(identity)}.vectors`)

const header = (identity: string, dimensions: number): string =>
  `${JSON.stringify({ schema: "swirl.vectors/1", identity, dimensions })}\n`

/** What the cache says about an embedder's vectors, before any model was asked. */
export function storedDimensions(host: Host, identity: string): number | undefined {
  try {
    const path = cachePath(host, identity)
    const file = openSync(path, "r")
    try {
      const bytes = Buffer.alloc(4096)
      const line = bytes.toString("utf8", 0, readSync(file, bytes)).split("\n")[0]!
      const { schema, dimensions } = JSON.parse(line) as { schema?: unknown; dimensions?: unknown }
      return schema === "swirl.vectors/1" && typeof dimensions === "number" ? dimensions : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

class VectorCache {
  readonly #file: number
  readonly #dimensions: number
  readonly #recordSize: number
  readonly #places = new Map<string, number>()

  constructor(path: string, identity: string, dimensions: number) {
    this.#dimensions = dimensions
    this.#recordSize = keySize + 4 * dimensions + checkLength
    mkdirSync(dirname(path), { recursive: true })
    this.#file = openSync(path, "a+")
    const first = Buffer.from(header(identity, dimensions))
    const size = fstatSync(this.#file).size
    const start = Buffer.alloc(first.length)
    const read = readSync(this.#file, start, 0, first.length, 0)
    if (read < first.length && first.subarray(0, read).equals(start.subarray(0, read))) {
      ftruncateSync(this.#file, 0)
      writeSync(this.#file, first)
    } else if (!start.equals(first)) {
      closeSync(this.#file)
      const line = readFileSync(path).subarray(0, 4096).toString().split("\n")[0]!
      const stored = /"dimensions":(\d+)/.exec(line)?.[1]
      if (stored) checkSize(identity, dimensions, Number(stored))
      throw new SwirlError(`${path} is no file of vectors of this version; delete it.`)
    } else this.#scan(first.length, size)
  }

  get size(): number {
    return this.#places.size
  }

  /** Records up to the first bad one; what follows it is cut. */
  #scan(from: number, size: number): void {
    const atOnce = Math.max(1, Math.floor(scanSize / this.#recordSize))
    const piece = Buffer.allocUnsafe(atOnce * this.#recordSize)
    let place = from
    while (place + this.#recordSize <= size) {
      const read = readSync(this.#file, piece, 0, Math.min(piece.length, size - place), place)
      let at = 0
      for (; at + this.#recordSize <= read; at += this.#recordSize) {
        const record = piece.subarray(at, at + this.#recordSize)
        if (!sound(record)) break
        this.#places.set(record.toString("hex", 0, keySize), place + at)
      }
      place += at
      if (at === 0 || at + this.#recordSize <= read) break
    }
    if (place < size) ftruncateSync(this.#file, place)
  }

  get(key: string): Float32Array | undefined {
    const place = this.#places.get(key)
    if (place === undefined) return undefined
    const record = Buffer.allocUnsafe(this.#recordSize)
    if (readSync(this.#file, record, 0, record.length, place) < record.length) return undefined
    if (record.toString("hex", 0, keySize) !== key || !sound(record)) return undefined
    return Float32Array.from({ length: this.#dimensions }, (_, i) => record.readFloatLE(keySize + 4 * i))
  }

  /** One write for all of them. */
  add(entries: readonly { key: string; vector: Float32Array }[]): void {
    const bytes = Buffer.alloc(entries.length * this.#recordSize)
    entries.forEach(({ key, vector }, i) => {
      const record = bytes.subarray(i * this.#recordSize, (i + 1) * this.#recordSize)
      record.write(key, "hex")
      for (let j = 0; j < vector.length; j++) record.writeFloatLE(vector[j]!, keySize + 4 * j)
      record.writeUInt32LE(crc32(record.subarray(0, -checkLength)), record.length - checkLength)
    })
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done)
    const end = fstatSync(this.#file).size
    entries.forEach(({ key }, i) => {
      this.#places.set(key, end - (entries.length - i) * this.#recordSize)
    })
  }

  close(): void {
    closeSync(this.#file)
  }
}

const sound = (record: Buffer): boolean =>
  crc32(record.subarray(0, -checkLength)) === record.readUInt32LE(record.length - checkLength)

/**
 * The same embedder, asking it only for texts that were never seen, `size` of them a call and `width` calls at once. Each
 * call's answer is kept as it comes, whatever becomes of the others.
 */
export function cachedEmbedder(embedder: Embedder, host: Host, size: number, width = 1): Embedder {
  const { identity, dimensions } = embedder
  const cache = new VectorCache(cachePath(host, identity), identity, dimensions)
  let told = performance.now()
  return {
    identity,
    dimensions,
    async embed(texts, options) {
      const keys = texts.map((text) =>
        createHash("sha256")
          .update(`${options.kind}\0${text}`)
          .digest("hex")
          .slice(0, 2 * keySize),
      )
      const known = new Map<string, Float32Array>()
      const missing = new Map<string, string>()
      keys.forEach((key, i) => {
        if (known.has(key) || missing.has(key)) return
        const vector = cache.get(key)
        if (vector) known.set(key, vector)
        else missing.set(key, texts[i]!)
      })
      let done = 0
      await inBatches([...missing], size, width, async (batch) => {
        const vectors = await embedder.embed(
          batch.map(([, text]) => text),
          options,
        )
        const entries = batch.map(([key], i) => ({ key, vector: vectors[i]! }))
        cache.add(entries)
        for (const { key, vector } of entries) known.set(key, vector)
        done += batch.length
        if (performance.now() - told > 10_000 && done < missing.size) {
          told = performance.now()
          host.log(`${identity}: ${done} of ${missing.size} new texts`)
        }
        return vectors
      })
      return keys.map((key) => known.get(key)!)
    },
    async close() {
      cache.close()
      await embedder.close?.()
    },
  }
}
