/**
 * A file that is read while somebody writes to it gives records of no one version. Size, time of change and inode before and
 * after a reading tell that, however early the reading ended.
 */
import { statSync } from "@swirl-ts/platform"
import { BrokenFile } from "./broken-file.ts"

/** Other where the file's content may be. */
export interface FileVersion {
  size: bigint
  mtimeNs: bigint
  ino: bigint
}

/** Undefined where there is no file of that path that can be seen. */
export function fileVersion(path: string): FileVersion | undefined {
  try {
    const found = statSync(path, { bigint: true })
    return found.isFile() ? found : undefined
  } catch {
    return undefined
  }
}

/** Throws a BrokenFile where the file is no longer what it was. `last`: the place of the last entry that was read. */
export function checkFileVersion(
  file: string,
  before: FileVersion,
  { last, cause }: { last?: string; cause?: unknown } = {},
): void {
  const now = fileVersion(file)
  if (now && now.size === before.size && now.mtimeNs === before.mtimeNs && now.ino === before.ino) return
  const size = now ? `has ${now.size} bytes` : "is gone"
  throw new BrokenFile(
    `${file} changed while it was read${last ? `, before or after ${last}` : ""}: it had ${before.size} bytes and ${size}. Wait until nothing writes to it, or give a copy of it.`,
    { cause },
  )
}

/** The entries that `read` gives of a file; ends in an error where the file changed meanwhile, also where it is left early. */
export async function* whileUnchanged<T>(
  file: string,
  before: FileVersion,
  read: () => AsyncIterable<T>,
  placeOf: (entry: T) => string | undefined = () => undefined,
): AsyncGenerator<T> {
  let last: string | undefined
  let failed = false
  try {
    for await (const entry of read()) {
      last = placeOf(entry)
      yield entry
    }
  } catch (cause) {
    failed = true
    checkFileVersion(file, before, { last, cause })
    throw cause
  } finally {
    if (!failed) checkFileVersion(file, before, { last })
  }
}
