/** The identity of a model file: its SHA-256, kept in the cache folder until size or time of change differ. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { contentHash } from "@swirl-ts/core"

interface CachedDigest {
  size: number
  modified: number
  sha256: string
}

export async function fileIdentity(file: string, cacheDirectory: string): Promise<string> {
  const { size, mtimeMs: modified } = await stat(file)
  const folder = join(cacheDirectory, "digests")
  const cache = join(folder, `${contentHash(file)}.json`)
  const known = await readDigest(cache)
  if (known?.size === size && known.modified === modified) return known.sha256
  const hash = createHash("sha256")
  await pipeline(createReadStream(file), hash)
  const sha256 = hash.digest("hex")
  await mkdir(folder, { recursive: true })
  await writeFile(cache, `${JSON.stringify({ size, modified, sha256 } satisfies CachedDigest)}\n`)
  return sha256
}

async function readDigest(cache: string): Promise<(Partial<CachedDigest> & { sha256: string }) | undefined> {
  try {
    const read = JSON.parse(await readFile(cache, "utf8")) as Partial<CachedDigest>
    return typeof read.sha256 === "string" ? { ...read, sha256: read.sha256 } : undefined
  } catch {
    return undefined
  }
}
