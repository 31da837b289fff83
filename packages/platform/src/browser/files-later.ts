/** Node's functions on files that answer later, over the tree in memory. */
import type * as node from "node:fs/promises"
import { append, bytesOf, mkdirSync, pathText, readdirSync, readFileSync, statSync } from "./files.ts"
import { statsOf } from "./stats.ts"
import * as volume from "./volume.ts"

export type { FileHandle } from "node:fs/promises"

type Path = string | URL

export const readFile = (async (path: string, options?: BufferEncoding) =>
  readFileSync(path, options as "utf8")) as unknown as typeof node.readFile

type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>

const piecesOf = (content: Content) =>
  typeof content === "string" || content instanceof Uint8Array ? [content] : content

export const writeFile = (async (path: string, content: Content, options?: { flag?: string }) => {
  const file = volume.openFile(pathText(path), options?.flag ?? "w")
  for await (const piece of piecesOf(content)) volume.writeAt(file, bytesOf(piece), volume.sizeOf(file))
}) as unknown as typeof node.writeFile

export const appendFile = (async (path: string, content: string | Uint8Array) =>
  append(path, content)) as typeof node.appendFile

export const mkdir = (async (path: Path, options?: { recursive?: boolean }) =>
  mkdirSync(path, options)) as unknown as typeof node.mkdir

export const readdir = (async (path: Path, options?: object) =>
  readdirSync(path, options as undefined)) as unknown as typeof node.readdir

export const stat = (async (path: Path, options?: object) => statSync(path, options)) as unknown as typeof node.stat

export const rename = async (from: Path, to: Path): Promise<void> => volume.move(pathText(from), pathText(to))
export const link = async (from: Path, to: Path): Promise<void> => volume.link(pathText(from), pathText(to))
export const rm = async (path: Path, options?: object): Promise<void> => volume.remove(pathText(path), options)
export const rmdir = async (path: Path): Promise<void> => volume.removeFolder(pathText(path))

/** Times are those of changes here, and nobody sets them. */
export const utimes = async (path: Path): Promise<void> => void volume.need(pathText(path), "utime")

export const open = (async (path: Path, flags = "r") =>
  handleOf(volume.openFile(pathText(path), flags))) as unknown as typeof node.open

/** Reading and writing without a position goes on where it stopped. */
function handleOf(file: volume.AnyNode): object {
  let position = 0
  const settled = async (): Promise<void> => {}
  return {
    async read(buffer: Uint8Array, offset = 0, length = buffer.byteLength - offset, from: number | null = null) {
      const view = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length)
      const bytesRead = volume.readAt(file, view, from ?? position)
      if (from === null) position += bytesRead
      return { bytesRead, buffer }
    },
    async write(bytes: Uint8Array, offset = 0, length = bytes.byteLength - offset, at: number | null = null) {
      const bytesWritten = volume.writeAt(file, bytes.subarray(offset, offset + length), at ?? position)
      if (at === null) position += bytesWritten
      return { bytesWritten, buffer: bytes }
    },
    async writeFile(content: Content) {
      for await (const piece of piecesOf(content)) position += volume.writeAt(file, bytesOf(piece), position)
    },
    stat: async () => statsOf(file),
    truncate: async (size = 0) => volume.truncate(file, size),
    sync: settled,
    datasync: settled,
    close: settled,
  }
}
