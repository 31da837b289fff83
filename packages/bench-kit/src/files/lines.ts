/** The lines of a text file, one after another, split at `\n` alone: a JSON string may hold every other separator. */
import { createReadStream } from "node:fs"
import { SwirlError } from "@swirl-ts/core"

/** Yields each line without its `\n`; a byte order mark is dropped. Throws a SwirlError for bytes that are no UTF-8. */
export async function* readLines(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  /** Of the line that has not ended yet; joined once, as a line may be long. */
  let pieces: string[] = []
  let line = 1
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw new SwirlError(
        `${file} is not UTF-8 text, at or after line ${line}. Save it as UTF-8, or give another file.`,
      )
    }
  }
  for await (const bytes of createReadStream(file)) {
    const [end = "", ...lines] = decode(bytes as Uint8Array).split("\n")
    pieces.push(end)
    for (const text of lines) {
      yield pieces.join("")
      line++
      pieces = [text]
    }
  }
  pieces.push(decode())
  const last = pieces.join("")
  if (last !== "") yield last
}
