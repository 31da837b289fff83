/** The SHA-256 of a large file, kept in the cache folder until size or time of change differ: once a file, not once a start. */
import { contentHash } from "@swirl-ts/core"
import { join, stat } from "@swirl-ts/platform"
import { isObject, parseJson } from "../values/json.ts"
import { fileDigest } from "./digest.ts"
import { readTextIfThere } from "./read-text.ts"
import { writeFileAtomic } from "./write-atomic.ts"

export async function cachedFileDigest(file: string, cacheDirectory: string): Promise<string> {
  const { size, mtimeMs: modified } = await stat(file)
  const cache = join(cacheDirectory, "digests", `${contentHash(file)}.json`)
  const known = parseJson((await readTextIfThere(cache)) ?? "")
  if (isObject(known) && known.size === size && known.modified === modified && typeof known.sha256 === "string") {
    return known.sha256
  }
  const sha256 = await fileDigest(file)
  await writeFileAtomic(cache, `${JSON.stringify({ size, modified, sha256 })}\n`)
  return sha256
}
