/**
 * The passages of a split: every paragraph of its files, equal title and text once, read anew from disk each time they
 * are asked for. The id is a hash of the files' bytes, so equal files share one index; it is taken when first asked for.
 */
import { createHash, type Hash } from "node:crypto"
import { closeSync, openSync, readSync } from "node:fs"
import type { Corpus, Passage } from "@swirl-ts/core"

export function corpusOf(
  name: string,
  files: readonly string[],
  passagesIn: (file: string) => AsyncIterable<Passage>,
): Corpus {
  let id: string | undefined
  return {
    get id() {
      id ??= `${name}:${hashOf(files)}`
      return id
    },
    async *passages() {
      const seen = new Set<string>()
      for (const file of files) {
        for await (const passage of passagesIn(file)) {
          const { title, text } = passage
          const key = createHash("sha256").update(`${title.length} ${title}${text}`).digest("base64").slice(0, 20)
          if (seen.has(key)) continue
          seen.add(key)
          yield passage
        }
      }
    },
  }
}

function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256")
  for (const file of files) addFile(hash, file)
  return hash.digest("hex").slice(0, 32)
}

function addFile(hash: Hash, file: string): void {
  const buffer = Buffer.alloc(2 ** 20)
  const descriptor = openSync(file, "r")
  try {
    for (;;) {
      const count = readSync(descriptor, buffer, 0, buffer.length, null)
      if (count === 0) break
      hash.update(buffer.subarray(0, count))
    }
  } finally {
    closeSync(descriptor)
  }
}
