import { SwirlError } from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"
import type { RetrievalQuestion } from "@swirl-ts/stages"
import { depth, findCorpus, openCorpus, readQuestions, retrievalMetrics } from "@swirl-ts/stages"
import type { Estimate } from "@swirl-ts/stats"
import { type Command, Option } from "commander"
import { openApp, positive, withCommonOptions } from "../app.ts"
import { lowHigh } from "../low-high.ts"
import { openCorpusIndex, type RetrieverOptions, withRetrieverOptions } from "../retriever-options.ts"
import { table } from "../table.ts"

interface IndexOptions extends RetrieverOptions {
  evaluate?: string
  limit?: number
  rankings?: string | true
}

export function registerIndex(program: Command): void {
  withRetrieverOptions(
    withCommonOptions(
      program
        .command("index")
        .description("build the search index of a corpus, or open the stored one; and say how good it is")
        .argument("<corpus>", 'a file of {"title", "text"} lines, or a benchmark')
        .addOption(
          new Option(
            "--evaluate <questions>",
            "a benchmark that knows gold titles, or a file with question and gold_titles (JSON lines or CSV)",
          ),
        )
        .addOption(
          new Option(
            "--rankings [setting]",
            "with a file of questions that has retrieved_titles: evaluate those rankings, of this setting, and search nothing",
          ),
        )
        .addOption(new Option("--limit <n>", "first n questions").argParser(positive)),
    ),
  ).action(async (name: string, options: IndexOptions) => {
    const app = await openApp(options)
    const { output, abortSignal, context } = app
    for (const option of ["rankings", "limit"] as const) {
      if (options[option] === undefined || options.evaluate) continue
      throw new SwirlError(`--${option} is about questions: name them with --evaluate.`, { kind: "usage" })
    }
    findCorpus(context, name)
    // First the small file: a mistake in it should not wait for the large one.
    const asked = options.evaluate ? await readQuestions(context, options.evaluate, options) : undefined
    if (asked && asked.withoutGold > 0) {
      output.say(`Left out ${counted(asked.withoutGold, "question")} without gold titles.`)
    }
    if (asked && asked.repeated > 0) {
      output.say(`Left out ${counted(asked.repeated, "question")} that stood there before, with the same gold titles.`)
    }
    if (asked && options.rankings) {
      const setting = options.rankings === true ? undefined : options.rankings
      const { questions, withoutGold, repeated } = asked
      const metrics = retrievalMetrics(
        questions.map(({ retrieved }) => retrieved!),
        golds(questions),
      )
      return output.result(
        {
          rankings: options.evaluate,
          setting,
          questions: questions.length,
          withoutGold,
          repeated,
          metrics: spelled(metrics),
        },
        [`${counted(questions.length, "question")}, rankings as ${options.evaluate} has them`, ...metricTable(metrics)],
      )
    }
    const corpus = await openCorpus(context, name, options.split)
    const began = performance.now()
    const index = await openCorpusIndex(app, corpus, options)
    const seconds = (performance.now() - began) / 1000
    const about = {
      corpus: corpus.id,
      passages: index.size,
      retriever: index.description ?? options.retriever,
      seconds,
      skipped: index.skipped.count,
    }
    const lines = [`${about.retriever}; ready after ${seconds.toFixed(1)} s`]
    if (!asked) return output.result(about, lines)

    const { questions, withoutGold, repeated } = asked
    const ranked: string[][] = []
    const times: number[] = []
    for (const { question } of questions) {
      abortSignal.throwIfAborted()
      const start = performance.now()
      const found = await index.search(question, depth, { abortSignal })
      times.push(performance.now() - start)
      ranked.push(found.map(({ title }) => title))
      output.progress({ stage: "questions", done: ranked.length, total: questions.length })
    }
    await index.close?.()
    const metrics = retrievalMetrics(ranked, golds(questions))
    times.sort((a, b) => a - b)
    const milliseconds = { p50: times[times.length >> 1]!, p95: times[Math.floor(0.95 * times.length)]! }
    return output.result(
      { ...about, questions: questions.length, withoutGold, repeated, milliseconds, metrics: spelled(metrics) },
      [
        ...lines,
        `${counted(questions.length, "question")}; a query takes ${milliseconds.p50.toFixed(2)} ms (p50), ${milliseconds.p95.toFixed(2)} ms (p95)`,
        ...metricTable(metrics),
      ],
    )
  })
}

const golds = (questions: readonly RetrievalQuestion[]) => questions.map(({ goldTitles }) => goldTitles)

const spelled = (metrics: Record<string, Estimate>) =>
  Object.fromEntries(Object.entries(metrics).map(([name, estimate]) => [name, lowHigh(estimate)]))

const metricTable = (metrics: Record<string, Estimate>): string[] =>
  table([
    ["metric", "value", "95 % from", "to"],
    ...Object.entries(metrics).map(([metric, { value, ci }]) => [metric, ...[value, ...ci].map((v) => v.toFixed(3))]),
  ])
