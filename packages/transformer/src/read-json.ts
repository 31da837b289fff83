/** JSON files, with errors that name them. */
import { readFileSync } from "@swirl-ts/platform"

/** Reads a JSON file; an error names it. */
export function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (error) {
    throw new Error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error}).`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: not JSON (${(error as Error).message}).`)
  }
}
