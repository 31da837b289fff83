/**
 * A file on its way: `<target>.<process id>.part`, so that two processes never write one. The part of a process that has
 * ended is taken over by the next one, which continues it. Beside it, `.version`: what the server calls the version that
 * its bytes are of. It is there before the first byte and goes with the part, so it is never another version's.
 */
import { basename, dirname, join, readdir, readFile, rename, rm, stat, writeFile } from "@swirl-ts/platform"
import { isRunning } from "../files/process-identity.ts"

/** This process's part of a file, made of one that an ended process left where there is one. */
export async function ownPart(target: string): Promise<string> {
  const own = `${target}.${process.pid}.part`
  if (await sizeOf(own)) return own
  for (const name of await readdir(dirname(target))) {
    const owner = name.startsWith(`${basename(target)}.`) ? /\.(\d+)\.part$/.exec(name)?.[1] : undefined
    if (owner && !(await isRunning(Number(owner)))) {
      const left = join(dirname(target), name)
      await rm(versionFile(own), { force: true })
      await rename(left, own)
        .then(() => rename(versionFile(left), versionFile(own)))
        .catch(() => undefined)
      break
    }
  }
  return own
}

const versionFile = (part: string): string => `${part}.version`

/** What `beginPart` was told. */
export const versionOf = async (part: string): Promise<string | undefined> =>
  (await readFile(versionFile(part), "utf8").catch(() => "")) || undefined

/** Makes room for the first byte, of this version where one is known. */
export async function beginPart(part: string, version?: string): Promise<void> {
  await removePart(part)
  if (version !== undefined) await writeFile(versionFile(part), version)
}

/** The part, whole now, becomes the file. */
export async function finishPart(part: string, target: string): Promise<void> {
  await rm(versionFile(part), { force: true })
  await rename(part, target)
}

export async function removePart(part: string): Promise<void> {
  await rm(part, { force: true })
  await rm(versionFile(part), { force: true })
}

/** Bytes; 0 where there is no file. */
export const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0
