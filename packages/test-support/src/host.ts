/** A host of its own for a test: empty folders, no environment, and a log that can be read. */
import type { Host } from "@swirl-ts/core"
import { temporaryFolder } from "./temporary-folder.ts"

/** `lines`: what was logged, unless `changes` has a log of its own. */
export function testHost(changes: Partial<Host> = {}): Host & { lines: string[] } {
  const lines: string[] = []
  return {
    cacheDirectory: changes.cacheDirectory ?? temporaryFolder(),
    workingDirectory: changes.workingDirectory ?? temporaryFolder(),
    environment: {},
    log: (line) => void lines.push(line),
    ...changes,
    lines,
  }
}
