/** A host of its own for a test: empty folders, no environment, a log that says nothing. */
import type { Host } from "@swirl-ts/core"
import { temporaryFolder } from "./temporary-folder.ts"

export function testHost(changes: Partial<Host> = {}): Host {
  return {
    cacheDirectory: changes.cacheDirectory ?? temporaryFolder(),
    workingDirectory: changes.workingDirectory ?? temporaryFolder(),
    environment: {},
    log: () => {},
    ...changes,
  }
}
