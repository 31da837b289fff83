/** A text file that need not be there. */
import { readFile } from "@swirl-ts/platform"
import { errorCode } from "../values/error-code.ts"
import { diskError } from "./disk-errors.ts"

/** Undefined where there is no such file; what else keeps it from being read is an error with a sentence. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined
    throw diskError(error, "read", path)
  }
}
