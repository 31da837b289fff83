/** Some files that were made for scoring keep the paragraphs but not their texts: questions load, and no search finds anything. */
import type { Placed } from "@swirl-ts/bench-kit"
import type { Host } from "@swirl-ts/core"
import type { MusiqueRecord } from "./record.ts"

/** The same records; when the last one was read, the host is told of how many no paragraph has a text. */
export async function* noteEmptyTexts(
  records: AsyncIterable<Placed<MusiqueRecord>>,
  host: Pick<Host, "log">,
): AsyncGenerator<Placed<MusiqueRecord>> {
  let [count, empty] = [0, 0]
  try {
    for await (const placed of records) {
      count++
      if (!placed.record.paragraphs.some(({ paragraph_text }) => paragraph_text.trim() !== "")) empty++
      yield placed
    }
  } finally {
    if (empty > 0) {
      host.log(
        `MuSiQue: ${empty} of ${count} records have no paragraph with a text, so a search finds nothing for them. Is the file made for scoring alone? Give the official one.`,
      )
    }
  }
}
