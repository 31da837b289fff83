/** The text of a file that a person wrote; what is no such file is refused in a sentence that names it. */
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { readFileSync, statSync } from "@swirl-ts/platform"

/** `what` opens the sentence: `The prompt template`. A mark at the beginning that says UTF-8 is left out. */
export function utf8Text(path: string, what: string): string {
  const refuse = (why: string, cause?: unknown): never => {
    throw new SwirlError(`${what} ${path} ${why}`, { kind: "usage", cause })
  }
  let bytes: Uint8Array
  try {
    if (statSync(path).isDirectory()) return refuse("cannot be read: it is a folder. Name a text file.")
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof SwirlError) throw error
    return refuse(`cannot be read: ${errorMessage(error)}`, error)
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    return refuse("is no UTF-8 text. Save it as UTF-8.", error)
  }
}
