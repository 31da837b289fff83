/** Appends to a new file in large pieces; memory stays at one piece. Call `close`, also after an error. */
import { closeSync, fsyncSync, openSync, writeSync } from "@swirl-ts/platform"

const pieceSize = 1 << 20

export class FileWriter {
  readonly #file: number
  readonly #piece = Buffer.allocUnsafe(pieceSize)
  #used = 0
  #open = true
  /** Bytes so far. */
  length = 0

  constructor(path: string) {
    this.#file = openSync(path, "wx")
  }

  write(bytes: Buffer): void {
    this.length += bytes.length
    if (this.#used + bytes.length > pieceSize) this.#flush()
    if (bytes.length > pieceSize) writeAll(this.#file, bytes)
    else {
      bytes.copy(this.#piece, this.#used)
      this.#used += bytes.length
    }
  }

  uint32(value: number): void {
    if (this.#used + 4 > pieceSize) this.#flush()
    this.#used = this.#piece.writeUInt32LE(value, this.#used)
    this.length += 4
  }

  uint16(value: number): void {
    if (this.#used + 2 > pieceSize) this.#flush()
    this.#used = this.#piece.writeUInt16LE(value, this.#used)
    this.length += 2
  }

  float64(value: number): void {
    if (this.#used + 8 > pieceSize) this.#flush()
    this.#used = this.#piece.writeDoubleLE(value, this.#used)
    this.length += 8
  }

  text(value: string): void {
    const most = 3 * value.length
    if (most > pieceSize) this.write(Buffer.from(value))
    else {
      if (this.#used + most > pieceSize) this.#flush()
      const written = this.#piece.write(value, this.#used)
      this.#used += written
      this.length += written
    }
  }

  /** Everything is on disk when this returns. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    try {
      this.#flush()
      fsyncSync(this.#file)
    } finally {
      closeSync(this.#file)
    }
  }

  #flush(): void {
    writeAll(this.#file, this.#piece.subarray(0, this.#used))
    this.#used = 0
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}
