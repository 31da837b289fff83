/**
 * Entries of a ZIP archive that another tool wrote, read one at a time and never unpacked to disk, so that a name in it names
 * nothing here. Invariant: no more of an entry is held than `largestEntry`, whatever the archive says of its size.
 */
import { Writable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { crc32, createInflateRaw, createZstdDecompress } from "node:zlib"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { type Entry, openPromise, type ZipFile } from "yauzl"
import { badFile } from "./bad-file.ts"

export interface ZipArchive {
  /** Of what is in it, in order; of entries of one name the last counts, as with every reader of such archives. */
  names: readonly string[]
  /** The JSON of an entry; undefined where there is none of that name. */
  json(name: string): Promise<unknown>
  close(): void
}

/** Bytes of an entry when unpacked. */
const largestEntry = 512 * 2 ** 20

export async function openZip(file: string): Promise<ZipArchive> {
  let zip: ZipFile | undefined
  const entries = new Map<string, Entry>()
  try {
    zip = await openPromise(file, { autoClose: false, lazyEntries: true })
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  } catch (error) {
    zip?.close()
    const hasName = /invalid|absolute|relative/i.test(errorMessage(error))
    throw badFile(
      { file },
      `is not an archive that can be read: ${errorMessage(error)}`,
      hasName
        ? "An archive with such a name was not written by the tool; nothing of it was unpacked."
        : "It may be cut off, or still be written: copy the whole file again, or wait for its tool to end.",
      error,
    )
  }
  const opened = zip
  return {
    names: [...entries.keys()],
    async json(name) {
      const entry = entries.get(name)
      if (!entry) return undefined
      const bytes = await unpacked(opened, entry, file)
      try {
        return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown
      } catch (error) {
        throw badFile(
          { file, entry: name },
          `is not JSON: ${errorMessage(error)}`,
          "Give the file as its tool wrote it.",
          error,
        )
      }
    },
    close: () => opened.close(),
  }
}

const stored = 0
const deflated = 8
const zstandard = 93

async function unpacked(zip: ZipFile, entry: Entry, file: string): Promise<Buffer> {
  const { fileName, compressionMethod, uncompressedSize } = entry
  const refuse = (problem: string, advice: string, cause?: unknown): never => {
    throw badFile({ file, entry: fileName }, problem, advice, cause)
  }
  if (entry.isEncrypted()) refuse("is encrypted", "Give the file without a password.")
  if (uncompressedSize > largestEntry)
    refuse(
      `is ${Math.round(uncompressedSize / 2 ** 20)} MiB when unpacked, and 512 MiB are read at most`,
      "Leave it out.",
    )
  const pieces: Buffer[] = []
  let size = 0
  const collect = new Writable({
    write(piece: Buffer, _encoding, done) {
      size += piece.length
      if (size > uncompressedSize) done(new SwirlError("it is larger than the archive says"))
      else {
        pieces.push(piece)
        done()
      }
    },
  })
  try {
    const packed = await zip.openReadStreamPromise(entry, { decodeFileData: false })
    if (compressionMethod === stored) await pipeline(packed, collect)
    else if (compressionMethod === deflated) await pipeline(packed, createInflateRaw(), collect)
    else if (compressionMethod === zstandard) await pipeline(packed, createZstdDecompress(), collect)
    else refuse(`is packed by method ${compressionMethod}, which is not known here`, "Write the log anew as JSON.")
    const bytes = Buffer.concat(pieces)
    if (bytes.length !== uncompressedSize) throw new SwirlError("it is shorter than the archive says")
    if (crc32(bytes) !== entry.crc32) throw new SwirlError("its checksum is another")
    return bytes
  } catch (error) {
    if (error instanceof SwirlError && error.kind === "usage") throw error
    return refuse(`cannot be unpacked: ${errorMessage(error)}`, "The file is damaged: copy it again.", error)
  }
}
