/**
 * What can be searched: every paragraph of a split's files, the same title and text once, in file order. The id is the
 * hash of the files' bytes, so equal files share an index wherever they lie. Passages are read once and kept.
 */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { stat } from "node:fs/promises"
import type { Corpus, Passage } from "@swirl-ts/core"
import { type Paragraph, recordsOf } from "./record.ts"

const digests = new Map<string, Promise<string>>()

/** SHA-256 of a file; hashed again only after it changed. */
async function digestOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file)
  const key = `${file} ${size} ${mtimeMs}`
  let digest = digests.get(key)
  if (!digest) {
    digest = hash(file)
    digests.set(key, digest)
    digest.catch(() => digests.delete(key))
  }
  return digest
}

async function hash(file: string): Promise<string> {
  const digest = createHash("sha256")
  for await (const chunk of createReadStream(file)) digest.update(chunk as Buffer)
  return digest.digest("hex")
}

/** One corpus a list of files; asked again for the same files, the same one. */
export function splitCorpora(): (files: readonly string[]) => Promise<Corpus> {
  let last: Corpus | undefined
  return async (files) => {
    const parts = await Promise.all(files.map(digestOf))
    const id = `musique-${createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 32)}`
    if (last?.id !== id) last = { id, passages: keptPassages(files) }
    return last
  }
}

function keptPassages(files: readonly string[]): () => AsyncGenerator<Passage> {
  let read: Promise<Passage[]> | undefined
  return async function* () {
    read ??= readAll(files).catch((error: unknown) => {
      read = undefined
      throw error
    })
    yield* await read
  }
}

async function readAll(files: readonly string[]): Promise<Passage[]> {
  const passages: Passage[] = []
  const texts = new Map<string, Set<string>>()
  for await (const { paragraphs } of recordsOf(files)) {
    for (const passage of paragraphs.map(passageOf)) {
      const known = texts.get(passage.title)
      if (known?.has(passage.text) || (passage.title === "" && passage.text === "")) continue
      if (known) known.add(passage.text)
      else texts.set(passage.title, new Set([passage.text]))
      passages.push(passage)
    }
  }
  return passages
}

export const passageOf = ({ title, paragraph_text }: Paragraph): Passage => ({ title, text: paragraph_text })
