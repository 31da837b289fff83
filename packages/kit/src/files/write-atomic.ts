/** A file that is replaced whole: readers and a kill see the old content or the new one, never a part. */
import { basename, dirname, join, open, randomBytes, rename, rm } from "@swirl-ts/platform"
import { errorCode } from "../values/error-code.ts"
import { onDisk } from "./disk-errors.ts"
import { makeFolder } from "./make-folder.ts"

/** Creates missing folders; the content is on disk when the promise resolves. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await onDisk("write", path, async () => {
    await makeFolder(dirname(path))
    const temporary = temporaryBeside(path)
    try {
      const handle = await open(temporary, "wx")
      try {
        await handle.writeFile(content)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    await syncPath(dirname(path))
  })
}

/** A new hidden name in the same folder, so that `rename` replaces the file in one step. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`)
}

/** Makes a file, or the names in a folder, durable; systems that cannot open folders (Windows) do it by themselves. */
export async function syncPath(path: string): Promise<void> {
  try {
    const handle = await open(path, "r")
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = errorCode(error)
    if (code !== "EISDIR" && code !== "EPERM" && code !== "EINVAL" && code !== "EACCES") throw error
  }
}
