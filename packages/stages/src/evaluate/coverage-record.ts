/**
 * Corpus coverage of what is evaluated, counted when the roll-out is done and kept as `eval/<policy>/coverage.json`, by
 * question: what is shown is read back from there. Titles alone are compared, so no index is built for it.
 */
import {
  type Cell,
  CoverageSchema,
  errorMessage,
  type NamedBenchmark,
  type QuestionCoverage,
  type Task,
} from "@swirl-ts/core"
import { readDocument, writeDocument } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { byCorpus, type GoldQuestion, goldQuestion, hasGoldPassages, missingTitles } from "../retrieve/gold-passages.ts"

/** Of the questions asked: how many have gold passages known, and how many of those the corpus holds. */
export interface CellCoverage {
  known: number
  held: number
}

type CellName = Pick<Cell, "benchmark" | "split">
const nameOf = ({ benchmark, split }: CellName): string => `${benchmark}/${split}`

export interface CoverageToRecord {
  benchmark: NamedBenchmark
  split: string
  tasks: readonly Task[]
  /** The document. */
  path: string
}

/** Undefined where the benchmark knows no gold passages or has no corpus, and where they cannot be read, which is said. */
export async function recordCoverage(
  context: StageContext,
  { benchmark, split, tasks, path }: CoverageToRecord,
): Promise<CellCoverage | undefined> {
  if (!hasGoldPassages(benchmark.value)) return undefined
  const name = nameOf({ benchmark: benchmark.fullName, split })
  try {
    const record = await readDocument(path, CoverageSchema)
    const before = record?.cells[name] ?? {}
    const questions = tasks.map((task) => goldQuestion(benchmark, task))
    const now = await questionCoverage(context, questions, before)
    const cells = { ...record?.cells, [name]: { ...before, ...now } }
    await writeDocument(path, CoverageSchema.parse({ schema: "swirl.coverage/1", cells }))
    return counted(Object.values(now))
  } catch (error) {
    context.abortSignal?.throwIfAborted()
    context.host.log(`The corpus coverage of ${name} is left out: ${errorMessage(error)}`)
    return undefined
  }
}

/** What the document says of these tasks; undefined where it does not know all of them. */
export async function readCoverage(
  path: string,
  cell: CellName,
  ids: Iterable<string>,
): Promise<CellCoverage | undefined> {
  const known = (await readDocument(path, CoverageSchema))?.cells[nameOf(cell)]
  const questions = Array.from(ids, (id) => known?.[id])
  return questions.length > 0 && questions.every((each) => each !== undefined) ? counted(questions) : undefined
}

/** A corpus is read for those alone that were not looked for in it before. */
async function questionCoverage(
  context: StageContext,
  questions: readonly GoldQuestion[],
  before: Readonly<Record<string, QuestionCoverage>>,
): Promise<Record<string, QuestionCoverage>> {
  const isNew = ({ id, titles, corpus }: GoldQuestion): boolean =>
    before[id]?.corpus !== corpus.id || JSON.stringify(before[id].gold) !== JSON.stringify(titles)
  const missing = new Map<string, string[]>()
  for (const group of byCorpus(questions.filter(isNew)).values())
    for (const [id, titles] of await missingTitles(group, context)) missing.set(id, titles)
  return Object.fromEntries(
    questions.map(({ id, titles, corpus }) => [
      id,
      { corpus: corpus.id, gold: [...titles], missing: missing.get(id) ?? before[id]?.missing ?? [] },
    ]),
  )
}

function counted(questions: readonly QuestionCoverage[]): CellCoverage {
  const known = questions.filter(({ gold }) => gold.length > 0)
  return { known: known.length, held: known.filter(({ missing }) => missing.length === 0).length }
}
