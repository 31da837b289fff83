/** Folders on disks that are small or read-only, by mounts; who may not mount gets undefined. */
import { execFileSync } from "node:child_process"
import { mkdirSync } from "node:fs"

export interface Disk {
  path: string
  /** Kibibytes. */
  grow(size: number): void
  setReadOnly(isReadOnly: boolean): void
  unmount(): void
}

export function smallDisk(path: string, size: number): Disk | undefined {
  mkdirSync(path, { recursive: true })
  const mount = (...args: string[]): void => void execFileSync("mount", args, { stdio: "ignore" })
  try {
    mount("-t", "tmpfs", "-o", `size=${size}k`, "tmpfs", path)
  } catch {
    return undefined
  }
  return {
    path,
    grow: (larger) => mount("-o", `remount,size=${larger}k`, path),
    setReadOnly: (isReadOnly) => mount("-o", `remount,${isReadOnly ? "ro" : "rw"}`, path),
    unmount: () => void execFileSync("umount", [path], { stdio: "ignore" }),
  }
}
