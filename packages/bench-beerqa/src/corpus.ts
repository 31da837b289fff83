/**
 * One corpus a list of files: every paragraph of their records, equal ones once. Its id comes from the files' content,
 * so that an index made of them is found again. Small corpora are kept after the first reading, others read again.
 */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import type { Corpus, Passage } from "@swirl-ts/core"

/** Characters of a corpus that is kept in memory. */
const mostKept = 1 << 23

export async function corpusOf(
  name: string,
  files: readonly string[],
  read: () => AsyncIterable<Passage>,
): Promise<Corpus> {
  const digest = createHash("sha256")
  for (const file of files) {
    for await (const chunk of createReadStream(file)) digest.update(chunk as Buffer)
    digest.update("\0")
  }
  return { id: `${name}-${digest.digest("hex").slice(0, 32)}`, passages: distinct(read) }
}

function distinct(read: () => AsyncIterable<Passage>): Corpus["passages"] {
  let kept: readonly Passage[] | undefined
  async function* stream(): AsyncGenerator<Passage> {
    const seen = new Set<string>()
    const held: Passage[] = []
    let characters = 0
    for await (const passage of read()) {
      // A digest in place of the text: the train split has hundreds of megabytes of it.
      const key = createHash("sha1")
        .update(JSON.stringify([passage.title, passage.text]))
        .digest("base64")
      if (seen.has(key) || (passage.title === "" && passage.text === "")) continue
      seen.add(key)
      characters += passage.title.length + passage.text.length
      if (characters <= mostKept) held.push(passage)
      else held.length = 0
      yield passage
    }
    if (characters <= mostKept) kept = held
  }
  return () => kept ?? stream()
}
