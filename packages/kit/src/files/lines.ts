/**
 * The lines of a file, streamed and split at `\n` alone: a JSON string may hold every other separator. Memory is that of
 * one piece of the file, or of its longest line, and time grows with the file's size, however long a line is. A file whose name
 * ends in `.gz` is unpacked on the way: places are those of what is in it.
 */
import { SwirlError } from "@swirl-ts/core"
import { createReadStream, gunzipped, isUtf8 } from "@swirl-ts/platform"
import { errorCode } from "../values/error-code.ts"
import { diskError } from "./disk-errors.ts"

/** A line by its bytes, for who keeps places in a file or has to know whether the last line is torn. */
export interface Line {
  /** Without the `\n`. */
  bytes: Buffer
  /** From 1. */
  number: number
  /** Where in the file it begins. */
  start: number
  /** False only for a last line whose `\n` is missing. */
  terminated: boolean
}

/** Throws a SwirlError where the file cannot be read; an empty file has no line. */
export async function* byteLines(file: string): AsyncGenerator<Line> {
  let number = 1
  for await (const { bytes, start, terminated } of blocks(file)) {
    for (const [from, end] of cuts(bytes)) {
      yield { bytes: bytes.subarray(from, end), number: number++, start: start + from, terminated }
    }
  }
}

/** Each line as text, or undefined for a line whose bytes are no UTF-8; a byte order mark is dropped. */
export async function* utf8Lines(file: string): AsyncGenerator<string | undefined> {
  for await (const { bytes, start, terminated } of blocks(file)) {
    const text = start === 0 && bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes
    if (text.length === 0 && !terminated) return
    // Checked as a whole, and line by line only where that fails.
    if (isUtf8(text)) yield* text.toString("utf8").split("\n")
    else {
      for (const [from, end] of cuts(text)) {
        const line = text.subarray(from, end)
        yield isUtf8(line) ? line.toString("utf8") : undefined
      }
    }
  }
}

/** Each line as text; throws for bytes that are no UTF-8. */
export async function* textLines(file: string): AsyncGenerator<string> {
  let number = 0
  for await (const line of utf8Lines(file)) {
    number++
    if (line === undefined) {
      throw new SwirlError(`${file}, line ${number} is not UTF-8 text. Save it as UTF-8, or give another file.`, {
        kind: "usage",
      })
    }
    yield line
  }
}

/** Whole lines, without the last one's `\n`. */
interface Block {
  bytes: Buffer
  start: number
  terminated: boolean
}

async function* blocks(file: string): AsyncGenerator<Block> {
  let start = 0
  /** Of a line that has not ended yet; joined once, as a line may be long. */
  let rest: Buffer[] = []
  try {
    for await (const piece of pieces(file)) {
      const bytes = piece as Buffer
      const end = bytes.lastIndexOf(lineFeed)
      if (end >= 0) {
        const block = Buffer.concat([...rest, bytes.subarray(0, end)])
        yield { bytes: block, start, terminated: true }
        start += block.length + 1
        rest = []
      }
      if (end + 1 < bytes.length) rest.push(bytes.subarray(end + 1))
    }
  } catch (error) {
    if (errorCode(error)?.startsWith("Z_"))
      throw new SwirlError(
        `${file} cannot be unpacked: ${(error as Error).message}. Put the whole file in its place.`,
        {
          kind: "usage",
        },
      )
    throw diskError(error, "read", file)
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), start, terminated: false }
}

function pieces(file: string): AsyncIterable<unknown> {
  const packed = createReadStream(file, { highWaterMark: 1 << 18 })
  return file.endsWith(".gz") ? gunzipped(packed) : packed
}

/** Beginning and end of each line in a block. */
function* cuts(bytes: Buffer): Generator<[from: number, end: number]> {
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(lineFeed, from)
    const end = found < 0 ? bytes.length : found
    yield [from, end]
    from = end + 1
  }
}

const lineFeed = 0x0a
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
