import { SwirlError } from "@swirl-ts/core"
import { counted } from "@swirl-ts/kit"
import { evaluateRankings, indexCorpus } from "@swirl-ts/stages"
import type { Estimate } from "@swirl-ts/stats"
import { retrieverOptions } from "../options/tables.ts"
import { positive } from "../options/values.ts"
import { lowHigh } from "../render/low-high.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "index",
  description: "build the search index of a corpus, or open the stored one; and say how good it is",
  arguments: { corpus: { help: 'a file of {"title", "text"} lines, or a benchmark' } },
  options: {
    evaluate: {
      value: "<questions>",
      help: "a benchmark that knows gold titles, or a file with question and gold_titles (JSON lines or CSV)",
    },
    rankings: {
      value: "[setting]",
      help: "with a file of questions that has retrieved_titles: evaluate those rankings, of this setting, and search nothing",
    },
    limit: { value: "<n>", help: "first n questions", parse: positive },
    ...retrieverOptions,
  },
  async run(context, { evaluate, rankings, ...request }) {
    for (const [name, value] of Object.entries({ rankings, limit: request.limit })) {
      if (value === undefined || evaluate) continue
      throw new SwirlError(`--${name} is about questions: name them with --evaluate.`, { kind: "usage" })
    }
    return evaluate && rankings
      ? evaluateRankings(context, { ...request, evaluate, rankings })
      : indexCorpus(context, { ...request, evaluate })
  },
  document: ({ metrics, ...result }) => ({ ...result, metrics: metrics && spelled(metrics) }),
  text(result) {
    if ("rankings" in result)
      return [
        `${counted(result.questions, "question")}, rankings as ${result.rankings} has them`,
        ...metricTable(result.metrics),
      ]
    const { retriever, seconds, questions = 0, milliseconds, metrics = {} } = result
    const opened = `${retriever}; ready after ${seconds.toFixed(1)} s`
    if (!milliseconds) return opened
    const { p50, p95 } = milliseconds
    return [
      opened,
      `${counted(questions, "question")}; a query takes ${p50.toFixed(2)} ms (p50), ${p95.toFixed(2)} ms (p95)`,
      ...metricTable(metrics),
    ]
  },
})

const spelled = (metrics: Record<string, Estimate>) =>
  Object.fromEntries(Object.entries(metrics).map(([name, estimate]) => [name, lowHigh(estimate)]))

const metricTable = (metrics: Record<string, Estimate>): string[] =>
  table([
    ["metric", "value", "95 % from", "to"],
    ...Object.entries(metrics).map(([metric, { value, ci }]) => [metric, ...[value, ...ci].map((v) => v.toFixed(3))]),
  ])
