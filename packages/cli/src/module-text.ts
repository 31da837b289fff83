/**
 * The digest of a module's text and of all that it imports by relative paths: what a person edits between two runs without
 * raising a version. Packages are left to their versions.
 */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { dirname, relative } from "node:path"
import { fileURLToPath } from "node:url"

/** By URL, what a module imports by relative paths. */
const imports = new Map<string, Set<string>>()

/** Told of every import, once it is resolved. */
export function noteImport(specifier: string, parent: string | undefined, url: string): void {
  if (parent === undefined || !/^(?:\.|\/|file:)/.test(specifier) || !url.startsWith("file:")) return
  const from = plain(parent)
  const known = imports.get(from) ?? new Set()
  imports.set(from, known.add(plain(url)))
}

/** Of an entry that has been imported, 16 hex digits; undefined where a file of it is gone. Where the files lie is no part of it. */
export function moduleDigest(entry: string): string | undefined {
  const reached = new Set([plain(entry)])
  for (const url of reached) for (const imported of imports.get(url) ?? []) reached.add(imported)
  const folder = dirname(fileURLToPath(plain(entry)))
  try {
    const texts = [...reached].map((url) => {
      const path = fileURLToPath(url)
      return [relative(folder, path).replaceAll("\\", "/"), readFileSync(path)] as const
    })
    const hash = createHash("sha256")
    for (const [name, text] of texts.sort(([a], [b]) => (a < b ? -1 : 1)))
      hash.update(`${name} ${text.length}\n`).update(text)
    return hash.digest("hex").slice(0, 16)
  } catch {
    return undefined
  }
}

const plain = (url: string): string => url.replace(/[?#].*$/, "")
