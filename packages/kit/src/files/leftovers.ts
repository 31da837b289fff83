/**
 * What writers that were killed left beside their files: content that never got its name. For whoever holds the folder's lock.
 * Invariant: a file of a process that lives stays, as does everything else.
 */
import { join, readdir, rm } from "@swirl-ts/platform"
import { isRunning } from "./process-identity.ts"

/** As `temporaryBeside` names them, with the number of the process that wrote. */
const temporary = /^\..+\.(\d+)\.[0-9a-f]{8}\.tmp$/

/** In the folder and those under it. What cannot be read or removed is in nobody's way. */
export async function removeLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const [, pid] = temporary.exec(entry.name) ?? []
    if (pid === undefined || !entry.isFile() || (await isRunning(Number(pid)))) continue
    await rm(join(entry.parentPath, entry.name), { force: true }).catch(() => {})
  }
}
