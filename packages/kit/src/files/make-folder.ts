/** A folder, made with those above it. Node's own recursive way never ends where the folder above takes none, as /proc. */
import { SwirlError } from "@swirl-ts/core"
import { dirname, existsSync, mkdir, statSync } from "@swirl-ts/platform"
import { errorCode } from "../values/error-code.ts"

export async function makeFolder(path: string): Promise<void> {
  if (await isMade(path)) return
  const above = dirname(path)
  if (!existsSync(above)) await makeFolder(above)
  if (await isMade(path)) return
  throw new SwirlError(`Could not create ${path}: the folder above takes none. Use another path.`, { kind: "usage" })
}

/** False where a folder above is missing. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return true
    throw error
  }
}
