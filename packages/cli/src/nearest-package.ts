/** The package.json that decides how Node reads the files of a folder: its own, or the nearest above it. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

export interface NearestPackage {
  path: string
  /** How Node reads its `.js` and `.ts`; without it, by their syntax. */
  type?: "module" | "commonjs"
}

export function nearestPackage(folder: string): NearestPackage | undefined {
  const path = join(folder, "package.json")
  if (existsSync(path)) return { path, type: typeOf(path) }
  return dirname(folder) === folder ? undefined : nearestPackage(dirname(folder))
}

/** What cannot be read has no type: Node says what is wrong with it. */
function typeOf(path: string): NearestPackage["type"] {
  try {
    const { type } = JSON.parse(readFileSync(path, "utf8"))
    return type === "module" || type === "commonjs" ? type : undefined
  } catch {
    return undefined
  }
}
