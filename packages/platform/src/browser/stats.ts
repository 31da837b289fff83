/** What Node says of a file or a folder, as far as anybody here asks. */
import { type AnyNode, sizeOf } from "./volume.ts"

export function statsOf(node: AnyNode): object {
  const milliseconds = Number(node.modified) / 1e6
  return { ...common(node), size: sizeOf(node), mtimeMs: milliseconds, ctimeMs: milliseconds, ino: Number(node.inode) }
}

export const bigintStatsOf = (node: AnyNode): object => ({
  ...common(node),
  size: BigInt(sizeOf(node)),
  mtimeNs: node.modified,
  ino: node.inode,
})

const common = (node: AnyNode) => ({
  isFile: () => node.kind === "file",
  isDirectory: () => node.kind === "folder",
  isSymbolicLink: () => false,
  mtime: new Date(Number(node.modified / 1_000_000n)),
})

export const entryOf = (name: string, parentPath: string, node: AnyNode): object => ({
  name,
  parentPath,
  ...common(node),
})
