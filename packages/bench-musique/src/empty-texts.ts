/** Some files that were made for scoring keep the paragraphs but not their texts: questions load, and no search finds anything. */
import type { Host } from "@swirl-ts/core"
import type { MusiqueRecord } from "./record.ts"

/** The same records; when the last one was read, the host is told of how many no paragraph has a text. */
export async function* noteEmptyTexts<R extends MusiqueRecord>(
  records: AsyncIterable<R>,
  host: Pick<Host, "log">,
): AsyncGenerator<R> {
  let [count, empty] = [0, 0]
  try {
    for await (const record of records) {
      count++
      if (!record.paragraphs.some(({ paragraph_text }) => paragraph_text.trim() !== "")) empty++
      yield record
    }
  } finally {
    if (empty > 0) {
      host.log(
        `MuSiQue: ${empty} of ${count} records have no paragraph with a text, so a search finds nothing for them. Is the file made for scoring alone? Give the official one.`,
      )
    }
  }
}
