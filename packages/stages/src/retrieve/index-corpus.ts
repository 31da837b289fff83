/** Builds the index of a corpus, or opens the stored one; and says how good it is, by questions whose gold titles are known. */
import type { PassageIndex } from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"
import type { Estimate } from "@swirl-ts/stats"
import type { StageContext } from "../context.ts"
import { findCorpus, openCorpus } from "./corpus-source.ts"
import { openPassageIndex, type RetrieverRequest } from "./passage-index.ts"
import { depth, retrievalMetrics } from "./retrieval-metrics.ts"
import { type AskedQuestions, type QuestionOptions, readQuestions } from "./retrieval-questions.ts"

export interface IndexRequest extends RetrieverRequest {
  /** A file of passages, or a benchmark. */
  corpus: string
  split?: string
  /** Questions to evaluate by: a file's, or a benchmark's; `limit` of them. */
  evaluate?: string
  limit?: number
}

interface Evaluation {
  questions: number
  withoutGold: number
  repeated: number
  metrics: Record<string, Estimate>
}

export interface CorpusIndex extends Partial<Evaluation> {
  corpus: string
  passages: number
  retriever: string
  seconds: number
  /** Lines of the corpus that are no passages. */
  skipped: number
  /** What a query takes. */
  milliseconds?: { p50: number; p95: number }
}

/** Throws a usage error for an unknown corpus; questions that cannot be used are an error before anything is built. */
export async function indexCorpus(context: StageContext, request: IndexRequest): Promise<CorpusIndex> {
  findCorpus(context, request.corpus)
  // First the small file: a mistake in it should not wait for the large one.
  const asked = request.evaluate ? await askedQuestions(context, request.evaluate, request) : undefined
  const corpus = await openCorpus(context, request.corpus, request.split)
  const began = performance.now()
  const index = await openPassageIndex(context, corpus, request)
  try {
    const opened = {
      corpus: corpus.id,
      passages: index.size,
      retriever: index.description,
      seconds: (performance.now() - began) / 1000,
      skipped: index.skipped.count,
    }
    if (!asked) return opened
    const { ranked, milliseconds } = await rank(context, index, asked)
    const { metrics, ...counts } = evaluation(asked, ranked)
    return { ...opened, ...counts, milliseconds, metrics }
  } finally {
    await index.close()
  }
}

export interface RankingsRequest {
  corpus: string
  /** A file of questions with rankings of their own. */
  evaluate: string
  split?: string
  limit?: number
  /** The setting whose rankings are meant; `true` where the file has only one. */
  rankings: string | true
}

export interface EvaluatedRankings extends Evaluation {
  rankings: string
  setting?: string
}

/** The rankings that a file brings along, in place of a search. */
export async function evaluateRankings(context: StageContext, request: RankingsRequest): Promise<EvaluatedRankings> {
  const { evaluate, rankings } = request
  findCorpus(context, request.corpus)
  const asked = await askedQuestions(context, evaluate, request)
  const ranked = asked.questions.map(({ retrieved }) => retrieved!)
  return { rankings: evaluate, setting: rankings === true ? undefined : rankings, ...evaluation(asked, ranked) }
}

async function askedQuestions(
  context: StageContext,
  evaluate: string,
  options: QuestionOptions,
): Promise<AskedQuestions> {
  const asked = await readQuestions(context, evaluate, options)
  const { withoutGold, repeated } = asked
  if (withoutGold > 0) context.host.log(`Left out ${counted(withoutGold, "question")} without gold titles.`)
  if (repeated > 0) {
    context.host.log(`Left out ${counted(repeated, "question")} that stood there before, with the same gold titles.`)
  }
  return asked
}

async function rank({ abortSignal, onProgress }: StageContext, index: PassageIndex, { questions }: AskedQuestions) {
  const ranked: string[][] = []
  const times: number[] = []
  for (const { question } of questions) {
    abortSignal?.throwIfAborted()
    const start = performance.now()
    const found = await index.search(question, depth, { abortSignal })
    times.push(performance.now() - start)
    ranked.push(found.map(({ title }) => title))
    onProgress?.({ stage: "questions", done: ranked.length, total: questions.length })
  }
  times.sort((a, b) => a - b)
  return { ranked, milliseconds: { p50: times[times.length >> 1]!, p95: times[Math.floor(0.95 * times.length)]! } }
}

function evaluation(
  { questions, withoutGold, repeated }: AskedQuestions,
  ranked: readonly (readonly string[])[],
): Evaluation {
  const gold = questions.map(({ goldTitles }) => goldTitles)
  return { questions: questions.length, withoutGold, repeated, metrics: retrievalMetrics(ranked, gold) }
}
