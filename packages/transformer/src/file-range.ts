/** Parts of a file by position, so that a large file is never in memory whole. */
import { closeSync, fstatSync, openSync, readSync } from "@swirl-ts/platform"

export interface OpenFile {
  /** Its path, for errors. */
  file: string
  size: number
  /** Bytes from `start` to before `end`, in a buffer of their own. */
  read(start: number, end: number): Buffer<ArrayBuffer>
  close(): void
}

/** Opens a file for reading; the caller closes it. Errors name the file. */
export function openFile(file: string): OpenFile {
  let descriptor: number
  try {
    descriptor = openSync(file, "r")
  } catch (error) {
    throw new Error(`${file}: cannot be opened (${(error as NodeJS.ErrnoException).code ?? error}).`)
  }
  const read = (start: number, end: number): Buffer<ArrayBuffer> => {
    const buffer = Buffer.from(new ArrayBuffer(end - start))
    for (let at = 0; at < buffer.length; ) {
      const count = readSync(descriptor, buffer, at, Math.min(buffer.length - at, 1 << 28), start + at)
      if (count === 0)
        throw new Error(
          `${file}: ended at byte ${start + at} while reading up to ${end}: it is truncated or was changed meanwhile.`,
        )
      at += count
    }
    return buffer
  }
  return { file, size: fstatSync(descriptor).size, read, close: () => closeSync(descriptor) }
}

/** Opens a file, closes it whatever happens. */
export function withFile<T>(file: string, use: (open: OpenFile) => T): T {
  const open = openFile(file)
  try {
    return use(open)
  } finally {
    open.close()
  }
}
