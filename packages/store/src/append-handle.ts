/** A file that is written at its end, at places that the writer knows. */
import { errorCode, makeFolder, onDisk, syncPath } from "@swirl-ts/kit"
import { dirname, type FileHandle, open } from "@swirl-ts/platform"
import { removeLeftovers } from "./cut-lines.ts"

/** Made where it is not there; what stands after `end` is a torn last line, and is cut off. */
export async function openForAppend(path: string, end: number): Promise<FileHandle> {
  return onDisk("open", path, async () => {
    await makeFolder(dirname(path))
    await removeLeftovers(path)
    let handle: FileHandle
    try {
      handle = await open(path, "r+")
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error
      handle = await open(path, "wx+")
      await syncPath(dirname(path))
      return handle
    }
    try {
      if ((await handle.stat()).size > end) await handle.truncate(end)
    } catch (error) {
      await handle.close()
      throw error
    }
    return handle
  })
}

export async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
