/** A row of the table: a library in one version. Its file is checked by the compiler, and `calls` throws where something does not hold. */
import { readFileSync } from "node:fs"

export interface Row {
  library: string
  /** The folder in node_modules that says the version. */
  package: string
  calls(): Promise<void>
}

export function versionOf(folder: string): string {
  const file = new URL(`node_modules/${folder}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version
}
