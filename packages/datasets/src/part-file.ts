/**
 * A file on its way: `<target>.<process id>.part`, so that two processes never write one. The part of a process that has
 * ended is taken over by the next one, which continues it.
 */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readdir, rename, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { pipeline } from "node:stream/promises"

/** This process's part of a file, made of one that an ended process left where there is one. */
export async function ownPart(target: string): Promise<string> {
  const own = `${target}.${process.pid}.part`
  if (await sizeOf(own)) return own
  for (const name of await readdir(dirname(target))) {
    const owner = name.startsWith(`${basename(target)}.`) ? /\.(\d+)\.part$/.exec(name)?.[1] : undefined
    if (owner && !isRunning(Number(owner))) {
      await rename(join(dirname(target), name), own).catch(() => undefined)
      break
    }
  }
  return own
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** Bytes; 0 where there is no file. */
export const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256")
  await pipeline(createReadStream(file), hash)
  return hash.digest("hex")
}
