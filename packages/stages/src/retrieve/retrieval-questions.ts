/** Questions to evaluate retrieval by: a file's, or a benchmark's tasks that know their gold titles. */
import { callPlugin, ofBenchmark, SwirlError } from "@swirl-ts/core"
import { existsSync, resolve, statSync } from "@swirl-ts/platform"
import type { StageContext } from "../context.ts"
import { tasksOf } from "./corpus-source.ts"
import { type RetrievalQuestion, readQuestionFile } from "./question-file.ts"
import { distinctTitles } from "./titles.ts"

export interface AskedQuestions {
  questions: RetrievalQuestion[]
  /** Left out: those without gold titles. */
  withoutGold: number
  /** Counted once: those that stood before, word for word and with the same gold titles. */
  repeated: number
}

export interface QuestionOptions {
  split?: string | undefined
  /** Of distinct questions with gold titles. */
  limit?: number | undefined
  /** The rankings that the file brings along are wanted: of this setting, or of the only one. */
  rankings?: string | true | undefined
}

/** `name` is a file, or a benchmark. Questions without gold titles are left out and counted; repeated ones count once. */
export async function readQuestions(
  context: StageContext,
  name: string,
  { split, limit, rankings }: QuestionOptions = {},
): Promise<AskedQuestions> {
  const path = resolve(context.host.workingDirectory, name)
  const isFile = existsSync(path) && statSync(path).isFile()
  const given = isFile ? await readQuestionFile(path) : benchmarkQuestions(context, name, split)
  const wanted = rankings ? rankingsOf(name, await Array.fromAsync(given), rankings) : given
  return distinctQuestions(name, wanted, limit)
}

async function* benchmarkQuestions(
  context: StageContext,
  name: string,
  split?: string,
): AsyncGenerator<RetrievalQuestion> {
  const { value, fullName } = context.registry.resolve("benchmarks", name)
  const { retrieval } = value
  if (!retrieval) {
    throw new SwirlError(`${fullName} does not say which passages its answers need; use a file of questions.`, {
      kind: "usage",
    })
  }
  const call = ofBenchmark({ fullName }, "goldTitles")
  for await (const task of tasksOf(context, name, split)) {
    yield { question: task.question, goldTitles: callPlugin(call, () => retrieval.goldTitles(task)) }
  }
}

/** Those of one setting, so that no question is answered by another setting's ranking. */
export function rankingsOf(
  name: string,
  questions: readonly RetrievalQuestion[],
  wanted: string | true,
): RetrievalQuestion[] {
  const fail = (message: string): never => {
    throw new SwirlError(message, { kind: "usage" })
  }
  if (!questions.some(({ retrieved }) => retrieved)) {
    return fail(`${name} holds no rankings: --rankings needs a CSV file with a column retrieved_titles.`)
  }
  const onePerQuestion = (chosen: readonly RetrievalQuestion[]): RetrievalQuestion[] => {
    const rankings = new Map(chosen.map(({ question, retrieved }) => [question, `${retrieved}`]))
    const other = chosen.find(({ question, retrieved }) => rankings.get(question) !== `${retrieved}`)
    return other ? fail(`${name} has two different rankings of "${other.question}". Leave one in it.`) : [...chosen]
  }
  const settings = [...new Set(questions.flatMap(({ setting }) => setting ?? []))]
  if (wanted === true) {
    if (settings.length < 2) return onePerQuestion(questions)
    return fail(`${name} has rankings of ${settings.length} settings: ${settings.join(", ")}. Give one to --rankings.`)
  }
  if (settings.length === 0) {
    return fail(`${name} has no column setting to find "${wanted}" in. Give --rankings without a setting.`)
  }
  if (!settings.includes(wanted)) {
    return fail(`${name} has no rankings of the setting "${wanted}". It has: ${settings.join(", ")}.`)
  }
  return onePerQuestion(questions.filter(({ setting }) => setting === wanted))
}

/** The first `limit` that have gold titles; a repeat would narrow the intervals. */
export async function distinctQuestions(
  name: string,
  given: Iterable<RetrievalQuestion> | AsyncIterable<RetrievalQuestion>,
  limit?: number,
): Promise<AskedQuestions> {
  const questions = new Map<string, RetrievalQuestion>()
  let withoutGold = 0
  let repeated = 0
  for await (const each of given) {
    const goldTitles = distinctTitles(each.goldTitles).sort()
    if (goldTitles.length === 0) {
      withoutGold++
      continue
    }
    const key = JSON.stringify([each.question, goldTitles])
    if (questions.has(key)) repeated++
    else questions.set(key, { ...each, goldTitles })
    if (questions.size === limit) break
  }
  if (questions.size === 0) throw new SwirlError(`${name} has no question with gold titles.`)
  return { questions: [...questions.values()], withoutGold, repeated }
}
