/**
 * Synthetic unanswerable twins of MuSiQue-Ans: imitations of MuSiQue-Full, which they are not. One or more supporting
 * paragraphs of a copy give way to paragraphs of other records; its answer stays, `answerable` is false, and the steps
 * that lost their paragraph have no support. Both twins are labelled. The same records and seed give the same twins.
 */
import { containsAnswer, type Placed, recordsOf } from "@swirl-ts/bench-kit"
import { type Host, type Random, random, SwirlError, seedFrom } from "@swirl-ts/core"
import { noteEmptyTexts } from "./empty-texts.ts"
import { dataSet } from "./files.ts"
import { type MusiqueRecord, type Paragraph, readRecord } from "./record.ts"

/** Paragraphs that may take a place; more than enough, and little memory. */
const poolSize = 4000
/** Tries until a paragraph fits; without one the place stays empty. */
const tries = 200

/** Each record of MuSiQue-Ans files, in order, as two: which of them comes first is drawn too. `host` is told of odd ones. */
export async function* syntheticTwins(
  files: readonly string[],
  seed = 0,
  host: Pick<Host, "log"> = { log: () => {} },
): AsyncGenerator<Placed<MusiqueRecord>> {
  const records = () => recordsOf(dataSet("ans"), files, readRecord)
  const pool = await distractors(records())
  for await (const { where, record } of noteEmptyTexts(records(), host)) {
    if (!record.answerable) {
      throw new SwirlError(
        `${where}: the record is unanswerable already. Synthetic twins are made from MuSiQue-Ans; this is MuSiQue-Full or a synthetic file.`,
      )
    }
    if (!record.paragraphs.some((paragraph) => paragraph.is_supporting)) {
      throw new SwirlError(
        `${where}: no paragraph is_supporting, so none can be taken away. Give the train or dev file.`,
      )
    }
    const drawn = random(seedFrom("musique-synthetic-full", seed, record.id))
    const twins = [{ ...record, synthetic: true }, unanswerableTwin(record, pool, drawn)]
    for (const twin of drawn.next() < 0.5 ? twins : twins.reverse()) yield { record: twin, where }
  }
}

function unanswerableTwin(record: MusiqueRecord, pool: readonly Paragraph[], drawn: Random): MusiqueRecord {
  const supporting = record.paragraphs.filter((paragraph) => paragraph.is_supporting)
  const gone = new Set(
    drawn
      .shuffle(supporting)
      .slice(0, drawn.integer(1, supporting.length))
      .map((paragraph) => paragraph.idx),
  )
  const lost = record.question_decomposition.filter((step) => gone.has(step.paragraph_support_idx ?? -1))
  const titles = new Set(record.paragraphs.map((paragraph) => paragraph.title))
  const replacement = (): Paragraph | undefined => {
    for (let tried = 0; tried < tries && pool.length > 0; tried++) {
      const candidate = drawn.pick(pool)
      const text = `${candidate.title} ${candidate.paragraph_text}`
      if (titles.has(candidate.title) || lost.some((step) => containsAnswer(text, step.answer))) continue
      titles.add(candidate.title)
      return candidate
    }
    return undefined
  }
  return {
    ...record,
    paragraphs: record.paragraphs.flatMap((paragraph) => {
      if (!gone.has(paragraph.idx)) return [paragraph]
      const other = replacement()
      return other ? [{ ...other, idx: paragraph.idx, is_supporting: false }] : []
    }),
    question_decomposition: record.question_decomposition.map((step) =>
      gone.has(step.paragraph_support_idx ?? -1) ? { ...step, paragraph_support_idx: null } : step,
    ),
    answerable: false,
    synthetic: true,
  }
}

/** The first paragraphs of the records that support no question, each title once. */
async function distractors(records: AsyncIterable<Placed<MusiqueRecord>>): Promise<Paragraph[]> {
  const pool = new Map<string, Paragraph>()
  for await (const { record } of records) {
    for (const paragraph of record.paragraphs) {
      if (!paragraph.is_supporting && !pool.has(paragraph.title)) pool.set(paragraph.title, paragraph)
      if (pool.size === poolSize) return [...pool.values()]
    }
  }
  return [...pool.values()]
}
