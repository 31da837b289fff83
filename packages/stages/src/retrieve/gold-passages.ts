/**
 * Which passages a benchmark's questions need, by title, and which of them a corpus lacks. A corpus is read once for all
 * its questions, no further than needed, and only the titles that are looked for are kept.
 */
import {
  type Benchmark,
  type Corpus,
  callPlugin,
  type NamedBenchmark,
  ofBenchmark,
  PluginFailure,
  SwirlError,
  type Task,
  taskCorpus,
} from "@swirl-ts/core"
import { nextTurn } from "@swirl-ts/platform"
import type { StageContext } from "../context.ts"
import { distinctTitles, titleKey } from "./titles.ts"

export interface GoldQuestion {
  id: string
  question: string
  /** Each once; empty where they are not known. */
  titles: readonly string[]
  corpus: Corpus
}

/** Whether a benchmark says what its questions need, and has passages to look for it in. */
export const hasGoldPassages = ({ retrieval, corpus }: Pick<Benchmark, "retrieval" | "corpus">): boolean =>
  retrieval !== undefined && corpus !== undefined

/** `corpus` in place of the benchmark's own. */
export function goldQuestion(benchmark: NamedBenchmark, task: Task, corpus?: Corpus): GoldQuestion {
  const { id, question } = task
  const titles = callPlugin({ ...ofBenchmark(benchmark, "goldTitles"), taskId: id }, () =>
    benchmark.value.retrieval!.goldTitles(task),
  )
  if (!Array.isArray(titles) || titles.some((title) => typeof title !== "string"))
    throw new PluginFailure(
      `Benchmark ${benchmark.fullName}: goldTitles gave no list of texts for the task ${id}: it should be [] where they are not known.`,
    )
  return { id, question, titles: distinctTitles(titles), corpus: corpus ?? taskCorpus(benchmark, task)! }
}

/** Questions of one corpus together, in the order of the first of each. */
export const byCorpus = (questions: readonly GoldQuestion[]): Map<string, GoldQuestion[]> =>
  Map.groupBy(questions, ({ corpus }) => corpus.id)

/** Of questions of one corpus, by id, the titles that no passage of it has. Throws where no passage has any title: then nothing can be said. */
export async function missingTitles(
  questions: readonly GoldQuestion[],
  { abortSignal, onProgress }: Pick<StageContext, "abortSignal" | "onProgress"> = {},
): Promise<Map<string, string[]>> {
  const wanted = new Set(questions.flatMap(({ titles }) => titles.map(titleKey)))
  const corpus = questions[0]?.corpus
  let read = 0
  let titled = 0
  if (corpus && wanted.size > 0) {
    for await (const { title } of corpus.passages()) {
      if (typeof title === "string" && title !== "") {
        titled++
        wanted.delete(titleKey(title))
        if (wanted.size === 0) break
      }
      if (++read % 10_000 === 0) {
        // Passages that are in memory already leave no moment for a signal to arrive.
        await nextTurn()
        abortSignal?.throwIfAborted()
        onProgress?.({ stage: "read titles", done: read })
      }
    }
    if (read > 0 && titled === 0)
      throw new SwirlError(
        `No passage of the corpus ${corpus.id} has a title, so none of its ${read} can be recognised as a gold one.`,
        { kind: "usage" },
      )
  }
  return new Map(questions.map(({ id, titles }) => [id, titles.filter((title) => wanted.has(titleKey(title)))]))
}
