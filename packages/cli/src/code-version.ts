/**
 * What the command's code is. Where it runs from its sources, these may change without a version, so the newest change of all
 * packages' sources and how many there are stand for them.
 */
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { version } from "./version.ts"

export function codeVersion(): string {
  if (!import.meta.url.endsWith(".ts")) return version
  const packages = fileURLToPath(new URL("../../", import.meta.url))
  let newest = 0
  let count = 0
  for (const name of readdirSync(packages)) {
    for (const entry of sourcesOf(join(packages, name, "src"))) {
      newest = Math.max(newest, statSync(entry).mtimeMs)
      count++
    }
  }
  return `${version} ${count} ${newest}`
}

function sourcesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
