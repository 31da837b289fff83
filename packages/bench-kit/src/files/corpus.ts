/**
 * The passages of a list of files as one corpus: equal title and text once, in file order. Its id is a hash of the files'
 * bytes, taken when it is first asked for, so equal files share one index wherever they lie. A small corpus is kept after
 * its first reading; a large one is read again each time, so memory does not grow with it but for one digest a passage.
 * Files that have changed since the corpus was made are an error: the id would name other passages.
 */
import { createHash } from "node:crypto"
import type { Corpus, Passage } from "@swirl-ts/core"
import { checkFileVersion, filesDigestSync, fileVersion } from "@swirl-ts/kit"

/** Characters of a corpus that is kept in memory. */
const mostKept = 1 << 23

/**
 * `read` yields every passage of the files; those without title and text are left out. `skipped` says what it leaves out
 * itself.
 */
export function fileCorpus(
  name: string,
  files: readonly string[],
  read: () => AsyncIterable<Passage>,
  skipped?: Corpus["skipped"],
): Corpus {
  const versions = files.map((file) => ({ file, version: fileVersion(file) }))
  const checkUnchanged = (): void => {
    for (const { file, version } of versions) if (version) checkFileVersion(file, version)
  }
  let id: string | undefined
  let kept: readonly Passage[] | undefined
  async function* distinct(): AsyncGenerator<Passage> {
    const seen = new Set<string>()
    const held: Passage[] = []
    let characters = 0
    for await (const passage of read()) {
      const { title, text } = passage
      const key = createHash("sha256").update(`${title.length} ${title}${text}`).digest("base64").slice(0, 20)
      if (seen.has(key) || (title === "" && text === "")) continue
      seen.add(key)
      characters += title.length + text.length
      if (characters <= mostKept) held.push(passage)
      else held.length = 0
      yield passage
    }
    checkUnchanged()
    if (characters <= mostKept) kept = held
  }
  return {
    get id() {
      if (id !== undefined) return id
      const digest = filesDigestSync(files)
      checkUnchanged()
      id = `${name}-${digest.slice(0, 32)}`
      return id
    },
    passages: () => kept ?? distinct(),
    skipped,
  }
}
