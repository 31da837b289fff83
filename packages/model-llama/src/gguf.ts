/**
 * A look at the first bytes of a model file, so that a wrong file gets a sentence: llama.cpp's own message for it is not
 * for people, and the peer's reader of the file's head can run for ever on one that is damaged.
 */
import { open, stat } from "node:fs/promises"
import { errorMessage, SwirlError } from "@swirl-ts/core"

/** Letters, version, number of tensors, number of metadata entries. */
const headBytes = 24
const versions = [1, 2, 3]
const mostEntries = 1_000_000n

export async function checkGguf(file: string): Promise<void> {
  const head = await readHead(file)
  if (head.toString("latin1", 0, 4) !== "GGUF") {
    throw new SwirlError(
      `${file} is not a GGUF file. For a folder with config.json and safetensors use local:<directory>.`,
    )
  }
  const damaged =
    head.length < headBytes ||
    !versions.includes(head.readUInt32LE(4)) ||
    head.readBigUInt64LE(8) > mostEntries ||
    head.readBigUInt64LE(16) > mostEntries
  if (damaged) throw new SwirlError(`The head of ${file} is damaged. Is the file complete? Fetch it again.`)
}

async function readHead(file: string): Promise<Buffer> {
  try {
    if (!(await stat(file)).isFile()) throw new SwirlError(`${file} is not a file; llama: opens one GGUF file.`)
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (cause instanceof SwirlError) throw cause
    throw new SwirlError(`The model file ${file} cannot be read: ${errorMessage(cause)}`, { cause })
  }
}
