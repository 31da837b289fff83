/** Files of JSON: a document, or a line a record. Each value comes with its place; what cannot be read is said with it. */
import { open, stat } from "node:fs/promises"
import { errorMessage } from "@swirl-ts/core"
import { onDisk, utf8Lines, utf8Text } from "@swirl-ts/kit"
import { badFile } from "./bad-file.ts"

export interface PlacedValue {
  value: unknown
  /** Of JSON Lines, from 1. */
  line?: number
}

/** A document is held in memory as a whole; JSON Lines are not. */
const largestDocument = 512 * 2 ** 20

/**
 * The values of a file: of JSON Lines one a line, blank ones passed over; of a document the document. Of a list `isList` says
 * whether it is a list of values, or one. What a file is, its beginning says, not its name.
 */
export async function* jsonValues(file: string, isList: (list: unknown[]) => boolean): AsyncGenerator<PlacedValue> {
  const values = (await isDocument(file)) ? [{ value: await jsonDocument(file) }] : jsonLines(file)
  for await (const placed of values) {
    const { value } = placed
    if (Array.isArray(value) && isList(value)) for (const each of value as unknown[]) yield { ...placed, value: each }
    else yield placed
  }
}

export async function* jsonLines(file: string): AsyncGenerator<PlacedValue & { line: number }> {
  let line = 0
  for await (const text of utf8Lines(file)) {
    line++
    if (text === undefined) throw badFile({ file, line }, "is not UTF-8 text", "Save the file as UTF-8.")
    if (text.trim() === "") continue
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw badFile(
        { file, line },
        `is not JSON: ${errorMessage(error)}`,
        "Repair or delete that line; where it is the last one, the file may not be whole yet.",
        error,
      )
    }
    yield { value, line }
  }
}

export async function jsonDocument(file: string): Promise<unknown> {
  const { size } = await onDisk("read", file, () => stat(file))
  if (size > largestDocument)
    throw badFile(
      { file },
      `is one JSON document of ${Math.round(size / 2 ** 20)} MiB, which is more than is read at once (512 MiB)`,
      "Give it as JSON Lines, or as the archive that its tool writes.",
    )
  try {
    return JSON.parse(utf8Text(file, "The file"))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw badFile(
        { file },
        `is not JSON: ${error.message}`,
        "Repair it, or give the file that its tool wrote.",
        error,
      )
    throw error
  }
}

/** A document that is written over several lines begins with a bracket that stands alone. */
async function isDocument(file: string): Promise<boolean> {
  if (file.endsWith(".gz")) return false
  const start = await onDisk("read", file, async () => {
    const handle = await open(file)
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
      return buffer.subarray(0, bytesRead).toString("utf8")
    } finally {
      await handle.close()
    }
  })
  return /^\ufeff?\s*(\{|\[|\[\s*\{)[ \t\r]*\n/.test(start)
}
