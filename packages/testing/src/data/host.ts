/** A host of its own for a check: empty temporary folders, no environment, nothing logged. They are gone when the process ends. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Host } from "@swirl-ts/core"

const folders: string[] = []

/** A new folder that is removed when the process ends. */
export function checkFolder(): string {
  if (folders.length === 0) {
    process.once("exit", () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    })
  }
  const folder = mkdtempSync(join(tmpdir(), "swirl-check-"))
  folders.push(folder)
  return folder
}

export const checkHost = (): Host => ({
  cacheDirectory: checkFolder(),
  workingDirectory: process.cwd(),
  environment: {},
  log: () => {},
})
