/** The bytes of a part file: what is missing of it is appended, and how far it is is said at every tenth of a large file. */
import { createWriteStream } from "node:fs"
import { pipeline } from "node:stream/promises"
import { beginPart, removePart, sizeOf, versionOf } from "./part-file.ts"
import type { Opened } from "./remote-file.ts"

/** Files that come in a moment need no progress. */
const large = 10e6

/**
 * Appends to a part what is missing of it. Throws when the connection ends early; what came stays. Where no checksum
 * would tell, a part is continued only if the server says that it has that very version still.
 */
export async function fill(part: string, source: Opened, what: string, log: (line: string) => void): Promise<void> {
  const checked = source.sha256 !== undefined
  const version = checked ? undefined : await versionOf(part)
  const changed = version === undefined || (source.version !== undefined && source.version !== version)
  let have = await sizeOf(part)
  if ((source.size !== undefined && have > source.size) || (!checked && changed)) {
    await removePart(part)
    have = 0
  }
  if (have > 0 && have === source.size) return
  const opened = await source.rest(have, version)
  const { from, body, size = source.size } = opened
  const there = from ? `, ${megabytes(from)} MB are there` : ""
  log(`Downloading ${what}${size === undefined ? "" : ` (${megabytes(size)} MB${there})`}`)
  if (body) {
    if (from === 0) await beginPart(part, checked ? undefined : opened.version)
    const counted = progress(body, from, size, (line) => log(`${what}: ${line}`))
    await pipeline(counted, createWriteStream(part, { flags: "a" }))
  }
  const got = await sizeOf(part)
  if (size !== undefined && got < size) throw new Error(`the connection ended after ${got} of ${size} bytes`)
}

async function* progress(
  body: AsyncIterable<Uint8Array>,
  from: number,
  size: number | undefined,
  log: (line: string) => void,
) {
  const step = size === undefined ? 10 * large : size / 10
  let have = from
  for await (const bytes of body) {
    const before = Math.floor(have / step)
    have += bytes.length
    if (Math.floor(have / step) > before && (size === undefined || (size >= large && have < size)))
      log(size === undefined ? `${megabytes(have)} MB` : `${Math.floor((100 * have) / size)} %`)
    yield bytes
  }
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
