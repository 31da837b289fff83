/** The elements of a JSON array in a file, one in memory at a time. */

import { createReadStream } from "node:fs"
import { JSONParser } from "@streamparser/json"
import { errorMessage } from "@swirl-ts/core"
import { BrokenFile } from "@swirl-ts/kit"
import type { DatasetRecord } from "./parse.ts"

/** `path`: a JSONPath of the elements, `$.*` or `$.data.*`. */
export async function* streamElements(file: string, path: string): AsyncGenerator<DatasetRecord> {
  let ready: unknown[] = []
  let ended = false
  let count = 0
  const parser = new JSONParser({ paths: [path], keepStack: false })
  parser.onValue = ({ value }) => void ready.push(value)
  parser.onEnd = () => {
    ended = true
  }
  const utf8 = new TextDecoder("utf-8", { fatal: true })
  let bytes = 0
  const fail = (what: string): never => {
    throw new BrokenFile(
      `${file} ${what}, after ${count} whole entries and ${bytes} bytes. Download it again, or give another file.`,
    )
  }
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    const data = chunk as Uint8Array
    const start = bytes === 0 && data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0
    let broken: unknown
    try {
      utf8.decode(data, { stream: true })
    } catch {
      fail("is not UTF-8 text")
    }
    try {
      if (!ended) parser.write(data.subarray(start))
      else if (!isBlank(data)) throw new Error("there is text after its end")
    } catch (error) {
      broken = error
    }
    const values = ready
    ready = []
    for (const value of values) yield { where: `${file}, entry ${count++}`, value }
    if (broken !== undefined) fail(`is broken JSON (${errorMessage(broken)})`)
    bytes += data.length
  }
  if (!ended) fail("is cut off")
}

const isBlank = (data: Uint8Array): boolean => data.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))
