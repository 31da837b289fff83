/** Temporary folders of checks, and a host of its own for a check. What a check opens is gone after it, the rest when the process ends. */
import { AsyncLocalStorage } from "node:async_hooks"
import { mkdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Host } from "@swirl-ts/core"

const ofCheck = new AsyncLocalStorage<string[]>()
const ofProcess: string[] = []
const remove = (folders: readonly string[]): void => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

/** Runs a check, and removes its folders. */
export async function withFolders<T>(check: () => Promise<T>): Promise<T> {
  const folders: string[] = []
  try {
    return await ofCheck.run(folders, check)
  } finally {
    remove(folders)
  }
}

/** A path of its own, where nothing is yet. */
function newPath(): string {
  const path = join(tmpdir(), `swirl-check-${crypto.randomUUID()}`)
  const folders = ofCheck.getStore() ?? ofProcess
  if (folders === ofProcess && ofProcess.length === 0) process.once("exit", () => remove(ofProcess))
  folders.push(path)
  return path
}

/** A new folder. */
export function checkFolder(): string {
  const path = newPath()
  mkdirSync(path, { recursive: true })
  return path
}

/** No environment, nothing logged, and a cache that is empty. */
export const checkHost = (): Host => ({
  cacheDirectory: newPath(),
  workingDirectory: process.cwd(),
  environment: {},
  log: () => {},
})
