/**
 * What the best policy could find: for how many questions of a split the gold titles are known, for how many the corpus holds
 * a passage of each of them, and for how many the benchmark's own search has them among the first k. `found` is one query,
 * the question's own words, which a policy that searches in steps may better; `reachable` is a query more for each title that
 * these do not find, by itself.
 */
import {
  askedTools,
  benchmarkTasks,
  type NamedBenchmark,
  type PassageSearch,
  type Registry,
  SwirlError,
} from "@swirl-ts/core"
import { type Estimate, wilsonInterval } from "@swirl-ts/stats"
import { dataPathOf, type StageContext } from "../context.ts"
import { cellOf } from "../evaluate/evaluation-split.ts"
import { unknownIds } from "../rollouts.ts"
import { openCorpus } from "./corpus-source.ts"
import { byCorpus, type GoldQuestion, goldQuestion, hasGoldPassages, missingTitles } from "./gold-passages.ts"
import { openPassageIndex, type RetrieverRequest } from "./passage-index.ts"
import { titleKey } from "./titles.ts"

export interface CoverageRequest extends Pick<Partial<RetrieverRequest>, "retriever" | "mode" | "embedder"> {
  benchmark: string
  split?: string
  limit?: number
  ids?: readonly string[]
  /** A file of passages, or a benchmark, in place of the benchmark's own. */
  corpus?: string
  /** Default: as many passages as the benchmark's search shows in all calls of a trajectory. */
  k?: number
}

/** Shares: `known` of the questions, the others of those with gold titles. */
export type CoverageCount = "known" | "held" | "found" | "foundAny" | "reachable"

export interface CorpusCoverage extends Record<CoverageCount, number> {
  benchmark: string
  split: string
  /** Absent where questions have corpora of their own. */
  corpus?: string
  corpora: number
  /** Of all corpora together. */
  passages: number
  retriever: string
  k: number
  questions: number
  /** Absent where there is nothing to have a share of. */
  shares: Partial<Record<CoverageCount, Estimate>>
  /** The first questions without all of their passages, and which titles are not there. */
  missing: { id: string; titles: string[] }[]
  /** The first questions without gold titles. */
  unknown: string[]
}

/** Questions that are named for somebody to look at. */
const named = 10

/** Throws a usage error for a benchmark without passages, or one that does not say which its answers need. */
export async function corpusCoverage(context: StageContext, request: CoverageRequest): Promise<CorpusCoverage> {
  const { benchmark: name, split } = await cellOf(context, request.benchmark, request.split)
  const benchmark = context.registry.resolve("benchmarks", name)
  checkBenchmark(benchmark)
  const asked = await askedQuestions(context, benchmark, split, request)
  const search = searchOf(context.registry, benchmark)
  const { k = search.count * Math.max(1, benchmark.value.limits.toolCalls) } = request
  const { mode, embedder } = request
  const retriever: RetrieverRequest = request.retriever
    ? { retriever: request.retriever, mode, embedder }
    : { ...search, mode, embedder }
  const known = asked.filter(({ titles }) => titles.length > 0)
  const groups = byCorpus(known)
  const result: CorpusCoverage = {
    benchmark: benchmark.fullName,
    split,
    corpus: groups.size === 1 ? [...groups.keys()][0] : undefined,
    corpora: groups.size,
    passages: 0,
    retriever: retriever.retriever,
    k,
    questions: asked.length,
    known: known.length,
    held: 0,
    found: 0,
    foundAny: 0,
    reachable: 0,
    shares: {},
    missing: [],
    unknown: asked
      .filter(({ titles }) => titles.length === 0)
      .slice(0, named)
      .map(({ id }) => id),
  }
  let done = 0
  for (const questions of groups.values()) {
    const missing = await missingTitles(questions, context)
    const index = await openPassageIndex(context, questions[0]!.corpus, retriever)
    try {
      result.passages += index.size
      if (groups.size === 1) result.retriever = index.description
      const titlesOf = async (query: string): Promise<Set<string>> => {
        const found = await index.search(query, k, { abortSignal: context.abortSignal })
        return new Set(found.map(({ title }) => titleKey(title)))
      }
      const byTitle = new Map<string, boolean>()
      for (const { id, question, titles } of questions) {
        context.abortSignal?.throwIfAborted()
        const first = await titlesOf(question)
        const lacks = missing.get(id)!
        const others = titles.filter((title) => !first.has(titleKey(title)))
        for (const title of others) {
          const key = titleKey(title)
          if (!byTitle.has(key)) byTitle.set(key, (await titlesOf(title)).has(key))
        }
        if (lacks.length === 0) result.held++
        else if (result.missing.length < named) result.missing.push({ id, titles: lacks })
        if (others.length === 0) result.found++
        if (others.length < titles.length) result.foundAny++
        if (others.every((title) => byTitle.get(titleKey(title)))) result.reachable++
        context.onProgress?.({ stage: "coverage", done: ++done, total: known.length })
      }
    } finally {
      await index.close()
    }
  }
  return { ...result, shares: sharesOf(result) }
}

function checkBenchmark({ fullName, value }: NamedBenchmark): void {
  if (hasGoldPassages(value)) return
  throw new SwirlError(
    value.corpus
      ? `${fullName} does not say which passages its answers need, so nobody can say whether its corpus holds them.`
      : `${fullName} has no passages to search: there is no corpus whose coverage could be counted.`,
    { kind: "usage" },
  )
}

async function askedQuestions(
  context: StageContext,
  benchmark: NamedBenchmark,
  split: string,
  { limit, ids, corpus: other }: CoverageRequest,
): Promise<GoldQuestion[]> {
  const { host, abortSignal } = context
  const { fullName } = benchmark
  const corpus = other === undefined ? undefined : await openCorpus(context, other)
  const wanted = ids ? new Set(ids) : undefined
  const questions: GoldQuestion[] = []
  const options = { host, dataPath: dataPathOf(context, fullName), limit: wanted ? undefined : limit, abortSignal }
  for await (const task of benchmarkTasks(benchmark, split, options)) {
    if (wanted && !wanted.delete(task.id)) continue
    questions.push(goldQuestion(benchmark, task, corpus))
    if (wanted?.size === 0) break
  }
  if (wanted && wanted.size > 0) throw unknownIds(fullName, split, [...wanted])
  if (questions.length === 0) throw new SwirlError(`Split ${split} of ${fullName} has no tasks.`, { kind: "usage" })
  return questions
}

/** That of the tool by which a benchmark's trajectories search; the standard one where no tool says how it searches. */
function searchOf(registry: Registry, { value }: NamedBenchmark): PassageSearch {
  for (const [index, tool] of askedTools(registry, value).entries()) {
    const search = tool.value.passageSearch?.(value.tools[index]!.options ?? {})
    if (!search) continue
    const own = `${tool.plugin.meta.name}/${search.retriever}`
    return registry.has("retrievers", own) ? { ...search, retriever: own } : search
  }
  return { retriever: "auto", options: {}, count: 1 }
}

function sharesOf(counts: CorpusCoverage): CorpusCoverage["shares"] {
  const share = (count: number, of: number): Estimate | undefined =>
    of === 0 ? undefined : { value: count / of, ci: wilsonInterval(count, of) }
  const { questions, known, held, found, foundAny, reachable } = counts
  return {
    known: share(known, questions),
    held: share(held, known),
    found: share(found, known),
    foundAny: share(foundAny, known),
    reachable: share(reachable, known),
  }
}
