/** The lines of a file, split at `\n` alone: a JSON string may hold every other separator. */
import { isUtf8 } from "node:buffer"
import { createReadStream } from "node:fs"

/** Yields each line without its `\n`, or undefined for a line whose bytes are no UTF-8; a byte order mark is dropped. */
export async function* utf8Lines(file: string): AsyncGenerator<string | undefined> {
  let first = true
  let rest: Buffer[] = []
  function* lines(bytes: Buffer): Generator<string | undefined> {
    const start = first && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
    first = false
    yield* linesOf(bytes.subarray(start))
  }
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 18 })) {
    const bytes = piece as Buffer
    const end = bytes.lastIndexOf(lineFeed)
    if (end < 0) {
      rest.push(bytes)
      continue
    }
    yield* lines(Buffer.concat([...rest, bytes.subarray(0, end)]))
    rest = [bytes.subarray(end + 1)]
  }
  const last = Buffer.concat(rest)
  if (last.length > 0) yield* lines(last)
}

const lineFeed = 0x0a
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** Checked as a whole, and line by line only where that fails. */
function linesOf(bytes: Buffer): (string | undefined)[] {
  if (isUtf8(bytes)) return bytes.toString("utf8").split("\n")
  const lines: (string | undefined)[] = []
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(lineFeed, start)
    const line = bytes.subarray(start, found < 0 ? bytes.length : found)
    lines.push(isUtf8(line) ? line.toString("utf8") : undefined)
    start += line.length + 1
  }
  return lines
}
