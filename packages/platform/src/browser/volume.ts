/**
 * A tree of folders and files in memory. Invariants: paths are absolute and of this tree alone; what is refused is refused with
 * the code that Node's file system has for it; a file that is open stays readable and writable whatever becomes of its name.
 */
import { dirname, resolve } from "pathe"

export interface FileNode {
  kind: "file"
  inode: bigint
  /** May be longer than the content, so that appending takes no copy each time. */
  bytes: Uint8Array<ArrayBuffer>
  size: number
  modified: bigint
}

export interface FolderNode {
  kind: "folder"
  inode: bigint
  children: Map<string, FileNode | FolderNode>
  modified: bigint
}

export type AnyNode = FileNode | FolderNode

const sentences: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EEXIST: "file already exists",
  EISDIR: "illegal operation on a directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EBADF: "bad file descriptor",
  EINVAL: "invalid argument",
}

/** As Node's: `ENOENT: no such file or directory, open '/x'`. */
export const refusal = (code: string, syscall: string, path: string, to?: string): Error =>
  Object.assign(
    new Error(`${code}: ${sentences[code]}, ${syscall} '${path}'${to === undefined ? "" : ` -> '${to}'`}`),
    { code, syscall, path },
  )

let inodes = 0n
let lastChange = 0n

/** Nanoseconds; two changes never have the same. */
function now(): bigint {
  const clock = BigInt(Math.round(performance.timeOrigin + performance.now())) * 1_000_000n
  lastChange = clock > lastChange ? clock : lastChange + 1n
  return lastChange
}

const newFile = (): FileNode => ({ kind: "file", inode: ++inodes, bytes: new Uint8Array(), size: 0, modified: now() })
const newFolder = (): FolderNode => ({ kind: "folder", inode: ++inodes, children: new Map(), modified: now() })

const root = newFolder()

const absolute = (path: string): string => resolve("/", path)
const partsOf = (path: string): string[] => absolute(path).split("/").filter(Boolean)

/** Undefined where there is none; throws where a file stands where a folder has to. */
function find(path: string, syscall: string): AnyNode | undefined {
  let at: AnyNode = root
  for (const part of partsOf(path)) {
    if (at.kind === "file") throw refusal("ENOTDIR", syscall, path)
    const next: AnyNode | undefined = at.children.get(part)
    if (!next) return undefined
    at = next
  }
  return at
}

/** Also of a path through a file, which leads nowhere. */
export function exists(path: string): boolean {
  try {
    return find(path, "access") !== undefined
  } catch {
    return false
  }
}

export function need(path: string, syscall: string): AnyNode {
  const found = find(path, syscall)
  if (!found) throw refusal("ENOENT", syscall, path)
  return found
}

export function needFile(path: string, syscall: string): FileNode {
  const found = need(path, syscall)
  if (found.kind === "folder") throw refusal("EISDIR", syscall, path)
  return found
}

export function needFolder(path: string, syscall: string): FolderNode {
  const found = need(path, syscall)
  if (found.kind === "file") throw refusal("ENOTDIR", syscall, path)
  return found
}

/** The folder that a name is in, and the name; the root has neither. */
function placeOf(path: string, syscall: string): { folder: FolderNode; name: string } {
  const name = partsOf(path).at(-1)
  if (name === undefined) throw refusal(syscall === "mkdir" ? "EEXIST" : "EINVAL", syscall, path)
  return { folder: needFolder(dirname(absolute(path)), syscall), name }
}

const put = ({ folder, name }: { folder: FolderNode; name: string }, node: AnyNode): void => {
  folder.children.set(name, node)
  folder.modified = now()
}

const take = ({ folder, name }: { folder: FolderNode; name: string }): void => {
  folder.children.delete(name)
  folder.modified = now()
}

/** Opens as Node's flags say: `r`, `r+`, `w`, `wx`, `wx+`, `a` and their like. */
export function openFile(path: string, flags: string): AnyNode {
  const exclusive = flags.includes("x")
  const creates = flags.startsWith("w") || flags.startsWith("a")
  const found = find(path, "open")
  if (found && exclusive) throw refusal("EEXIST", "open", path)
  if (found?.kind === "folder") {
    if (creates || flags.includes("+")) throw refusal("EISDIR", "open", path)
    // To make its names durable; it cannot be read.
    return found
  }
  if (found) {
    if (flags.startsWith("w")) truncate(found, 0)
    return found
  }
  if (!creates) throw refusal("ENOENT", "open", path)
  const file = newFile()
  put(placeOf(path, "open"), file)
  return file
}

export function makeFolder(path: string, recursive = false): void {
  const found = find(path, "mkdir")
  if (found) {
    if (recursive && found.kind === "folder") return
    throw refusal("EEXIST", "mkdir", path)
  }
  if (recursive) makeFolder(dirname(absolute(path)), true)
  put(placeOf(path, "mkdir"), newFolder())
}

export function unlink(path: string): void {
  const place = placeOf(path, "unlink")
  const found = need(path, "unlink")
  if (found.kind === "folder") throw refusal("EISDIR", "unlink", path)
  take(place)
}

export function removeFolder(path: string): void {
  const found = needFolder(path, "rmdir")
  if (found.children.size > 0) throw refusal("ENOTEMPTY", "rmdir", path)
  take(placeOf(path, "rmdir"))
}

export function remove(path: string, { recursive = false, force = false } = {}): void {
  const found = find(path, "rm")
  if (!found && force) return
  if (!found) throw refusal("ENOENT", "rm", path)
  if (found.kind === "folder" && !recursive)
    throw Object.assign(new Error(`Path is a directory: rm returned EISDIR (is a directory) ${path}`), {
      code: "ERR_FS_EISDIR",
    })
  take(placeOf(path, "rm"))
}

export function move(from: string, to: string): void {
  const source = placeOf(from, "rename")
  const target = placeOf(to, "rename")
  const node = need(from, "rename")
  const there = target.folder.children.get(target.name)
  if (there === node) return
  if (node.kind === "folder" && absolute(to).startsWith(`${absolute(from)}/`))
    throw refusal("EINVAL", "rename", from, to)
  if (there && node.kind === "file" && there.kind === "folder") throw refusal("EISDIR", "rename", from, to)
  if (there && node.kind === "folder") {
    if (there.kind === "file") throw refusal("ENOTDIR", "rename", from, to)
    if (there.children.size > 0) throw refusal("ENOTEMPTY", "rename", from, to)
  }
  take(source)
  put(target, node)
}

/** A second name of one file. */
export function link(from: string, to: string): void {
  const node = needFile(from, "link")
  if (find(to, "link")) throw refusal("EEXIST", "link", from, to)
  put(placeOf(to, "link"), node)
}

function fileOf(node: AnyNode, syscall: string): FileNode {
  if (node.kind === "folder") throw refusal("EISDIR", syscall, "")
  return node
}

export const sizeOf = (node: AnyNode): number => (node.kind === "file" ? node.size : 0)

export function readAt(node: AnyNode, into: Uint8Array, position: number): number {
  const file = fileOf(node, "read")
  const end = Math.min(file.size, position + into.length)
  if (position >= end) return 0
  into.set(file.bytes.subarray(position, end))
  return end - position
}

export function writeAt(node: AnyNode, bytes: Uint8Array, position: number): number {
  const file = fileOf(node, "write")
  if (bytes.length === 0) return 0
  const end = position + bytes.length
  if (end > file.bytes.length) grow(file, end)
  file.bytes.set(bytes, position)
  file.size = Math.max(file.size, end)
  file.modified = now()
  return bytes.length
}

export function truncate(node: AnyNode, size: number): void {
  const file = fileOf(node, "ftruncate")
  if (size > file.bytes.length) grow(file, size)
  if (size < file.size) file.bytes.fill(0, size, file.size)
  file.size = size
  file.modified = now()
}

function grow(file: FileNode, least: number): void {
  const bytes = new Uint8Array(Math.max(least, 2 * file.bytes.length, 256))
  bytes.set(file.bytes.subarray(0, file.size))
  file.bytes = bytes
}
