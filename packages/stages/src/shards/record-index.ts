/**
 * Where the records of a merged file are in the files of the shards, and in which order they are written: by up to three
 * numbers, then by shard, then by place. Records themselves are not held, and are copied byte by byte.
 */
import { onDisk } from "@swirl-ts/kit"
import { type FileHandle, open } from "@swirl-ts/platform"

export interface RecordPlace {
  /** Of the source. */
  source: number
  /** Bytes of the line, without its newline. */
  start: number
  length: number
}

export class RecordIndex {
  readonly #sources: number[] = []
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  readonly #ranks: number[][] = []

  get size(): number {
    return this.#starts.length
  }

  /** `ranks`: as many of every record. */
  add({ source, start, length }: RecordPlace, ...ranks: readonly number[]): void {
    this.#sources.push(source)
    this.#starts.push(start)
    this.#lengths.push(length)
    for (const [place, rank] of ranks.entries()) {
      this.#ranks[place] ??= []
      this.#ranks[place].push(rank)
    }
  }

  /** Numbers of records as they were added, in the order that they are written in. */
  order(): Uint32Array {
    const order = Uint32Array.from({ length: this.size }, (_, number) => number)
    const by = [...this.#ranks, this.#sources, this.#starts]
    return order.sort((a, b) => {
      for (const ranks of by) {
        const difference = ranks[a]! - ranks[b]!
        if (difference !== 0) return difference
      }
      return 0
    })
  }

  at(number: number): RecordPlace {
    return { source: this.#sources[number]!, start: this.#starts[number]!, length: this.#lengths[number]! }
  }
}

/** Bytes that are read at once of a source, and written at once. */
const window = 1 << 16
const batch = 1 << 20

/** Writes the records into a new file; `files` are the sources' paths. It is on disk when the promise resolves. */
export async function writeIndexed(
  path: string,
  index: RecordIndex,
  files: readonly (string | undefined)[],
  onRecord: () => void,
): Promise<void> {
  const readers = new Map<number, Reader>()
  try {
    await onDisk("write", path, async () => {
      const out = await open(path, "wx")
      try {
        let waiting: Buffer[] = []
        let bytes = 0
        const flush = async (): Promise<void> => {
          if (bytes > 0) await out.writeFile(Buffer.concat(waiting))
          waiting = []
          bytes = 0
        }
        for (const number of index.order()) {
          const place = index.at(number)
          let reader = readers.get(place.source)
          if (!reader) {
            reader = await Reader.open(files[place.source]!)
            readers.set(place.source, reader)
          }
          const line = await reader.line(place)
          waiting.push(line, newline)
          bytes += line.length + 1
          if (bytes >= batch) await flush()
          onRecord()
        }
        await flush()
        await out.sync()
      } finally {
        await out.close()
      }
    })
  } finally {
    for (const reader of readers.values()) await reader.close()
  }
}

const newline = Buffer.from("\n")

/** Lines of one file, most of them one after another. */
class Reader {
  readonly #path: string
  readonly #handle: FileHandle
  #bytes = Buffer.alloc(0)
  #start = 0

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  static async open(path: string): Promise<Reader> {
    return new Reader(path, await onDisk("read", path, () => open(path)))
  }

  async line({ start, length }: RecordPlace): Promise<Buffer> {
    if (start < this.#start || start + length > this.#start + this.#bytes.length) {
      const bytes = Buffer.alloc(Math.max(length, window))
      const { bytesRead } = await onDisk("read", this.#path, () => this.#handle.read(bytes, 0, bytes.length, start))
      this.#bytes = bytes.subarray(0, bytesRead)
      this.#start = start
    }
    return this.#bytes.subarray(start - this.#start, start - this.#start + length)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
