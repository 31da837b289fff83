/** Node's functions on files that answer at once, over the tree in memory. Each does what its namesake does, as far as it is used. */
import type * as node from "node:fs"
import { basename, join } from "pathe"
import { bigintStatsOf, entryOf, statsOf } from "./stats.ts"
import * as volume from "./volume.ts"
import { type FolderNode, refusal } from "./volume.ts"

type Path = string | URL

export const pathText = (path: Path): string => (typeof path === "string" ? path : decodeURIComponent(path.pathname))

export const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content

const encodingOf = (options: unknown): unknown =>
  typeof options === "string" ? options : (options as { encoding?: string } | null | undefined)?.encoding

export const existsSync = ((path: Path) => volume.exists(pathText(path))) as typeof node.existsSync

export const statSync = ((path: Path, options: { bigint?: boolean; throwIfNoEntry?: boolean } = {}) => {
  let found: volume.AnyNode | undefined
  try {
    found = volume.need(pathText(path), "stat")
  } catch (error) {
    if (options.throwIfNoEntry === false) return undefined
    throw error
  }
  return options.bigint ? bigintStatsOf(found) : statsOf(found)
}) as typeof node.statSync

export const readFileSync = ((path: Path, options?: unknown) => {
  const file = volume.needFile(pathText(path), "open")
  const bytes = Buffer.from(file.bytes.slice(0, file.size).buffer)
  return encodingOf(options) ? bytes.toString("utf8") : bytes
}) as typeof node.readFileSync

export function append(path: Path, content: string | Uint8Array): void {
  const file = volume.openFile(pathText(path), "a")
  volume.writeAt(file, bytesOf(content), volume.sizeOf(file))
}

export const mkdirSync = ((path: Path, options?: { recursive?: boolean }) =>
  volume.makeFolder(pathText(path), options?.recursive)) as typeof node.mkdirSync

export const unlinkSync = ((path: Path) => volume.unlink(pathText(path))) as typeof node.unlinkSync

export const rmSync = ((path: Path, options?: object) => volume.remove(pathText(path), options)) as typeof node.rmSync

export const renameSync = ((from: Path, to: Path) =>
  volume.move(pathText(from), pathText(to))) as typeof node.renameSync

export const copyFileSync = ((from: Path, to: Path) => {
  const file = volume.needFile(pathText(from), "copyfile")
  const content = file.bytes.slice(0, file.size)
  volume.writeAt(volume.openFile(pathText(to), "w"), content, 0)
}) as typeof node.copyFileSync

export const readdirSync = ((path: Path, options?: { withFileTypes?: boolean; recursive?: boolean }) => {
  const folder = pathText(path)
  const entries = [...entriesOf(volume.needFolder(folder, "scandir"), folder, options?.recursive === true)]
  if (options?.withFileTypes) return entries.map(([parent, name, node]) => entryOf(name, parent, node))
  return entries.map(([parent, name]) => join(parent, name).slice(join(folder, "x").length - 1))
}) as typeof node.readdirSync

function* entriesOf(
  folder: FolderNode,
  path: string,
  recursive: boolean,
): Generator<[parent: string, name: string, node: volume.AnyNode]> {
  for (const [name, node] of [...folder.children].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield [path, name, node]
    if (recursive && node.kind === "folder") yield* entriesOf(node, join(path, name), true)
  }
}

const opened = new Map<number, { file: volume.AnyNode; position: number; path: string }>()
let lastDescriptor = 2

const openedAs = (descriptor: number, syscall: string) => {
  const found = opened.get(descriptor)
  if (!found) throw refusal("EBADF", syscall, String(descriptor))
  return found
}

export const openSync = ((path: Path, flags: string = "r") => {
  const file = volume.openFile(pathText(path), flags)
  opened.set(++lastDescriptor, {
    file,
    position: flags.startsWith("a") ? volume.sizeOf(file) : 0,
    path: basename(pathText(path)),
  })
  return lastDescriptor
}) as typeof node.openSync

export const closeSync = ((descriptor: number) => {
  openedAs(descriptor, "close")
  opened.delete(descriptor)
}) as typeof node.closeSync

export const fsyncSync = ((descriptor: number) => void openedAs(descriptor, "fsync")) as typeof node.fsyncSync

export const fstatSync = ((descriptor: number) => statsOf(openedAs(descriptor, "fstat").file)) as typeof node.fstatSync

export const readSync = ((
  descriptor: number,
  into: Uint8Array<ArrayBuffer>,
  offset: number = 0,
  length: number = into.byteLength - offset,
  position: number | null = null,
) => {
  const handle = openedAs(descriptor, "read")
  const from = position ?? handle.position
  const view = new Uint8Array(into.buffer, into.byteOffset + offset, length)
  const read = volume.readAt(handle.file, view, from)
  if (position === null) handle.position += read
  return read
}) as unknown as typeof node.readSync

export const writeSync = ((
  descriptor: number,
  content: string | Uint8Array,
  offset: number | null = 0,
  length?: number | null,
  position: number | null = null,
) => {
  const handle = openedAs(descriptor, "write")
  const bytes = typeof content === "string" ? bytesOf(content) : content
  const start = typeof content === "string" ? 0 : (offset ?? 0)
  const part = bytes.subarray(start, start + (typeof length === "number" ? length : bytes.length - start))
  const written = volume.writeAt(handle.file, part, position ?? handle.position)
  if (position === null) handle.position += written
  return written
}) as typeof node.writeSync

export const createReadStream = ((
  path: Path,
  options: { start?: number; end?: number; highWaterMark?: number; signal?: AbortSignal } = {},
) => pieces(pathText(path), options)) as unknown as typeof node.createReadStream

/** What a stream of a file gives; `end` is the last byte, as Node counts it. */
async function* pieces(
  path: string,
  {
    start = 0,
    end = Number.POSITIVE_INFINITY,
    highWaterMark = 1 << 16,
    signal,
  }: { start?: number; end?: number; highWaterMark?: number; signal?: AbortSignal },
): AsyncGenerator<Buffer> {
  const file = volume.need(path, "open")
  for (let at = start; at <= end; ) {
    signal?.throwIfAborted()
    const piece = Buffer.alloc(Math.min(highWaterMark, end + 1 - at))
    const read = volume.readAt(file, piece, at)
    if (read === 0) return
    at += read
    yield piece.subarray(0, read) as Buffer
  }
}
