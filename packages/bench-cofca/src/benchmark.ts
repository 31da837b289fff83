/** CofCA behind the Benchmark contract. What split `fixture` measures is this program, never CofCA. */
import { answerKey, hotpotAnswer, recordsOf, splitNamed, tasksOf } from "@swirl-ts/bench-kit"
import type { PlainBenchmark } from "@swirl-ts/core"
import { z } from "zod"
import { dataSet, fixtureFiles, splitFiles } from "./files.ts"
import { promptOf } from "./prompt.ts"
import { type CofcaRecord, recordReader } from "./record.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { type CofcaTask, corpusOf, goldStepsOf, taskOf } from "./task.ts"

/** The most worked examples. */
const mostShots = 4

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(mostShots).default(0),
})
export type BenchmarkOptions = z.input<typeof OptionsSchema>

const records = (files: readonly string[]) => recordsOf(dataSet, files, recordReader())

export function createBenchmark(options: BenchmarkOptions = {}): PlainBenchmark<CofcaTask> {
  const { shots: ownShots = 0 } = options
  return {
    description:
      "Questions of two to four hops over counterfactual passages (CofCA, Wu et al. 2025). Split fixture is made up for this package and is NOT CofCA.",
    splits: dataSet.splits,
    tools: [{ name: "tools-search/search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    async *load(name, options) {
      const { shots = ownShots } = options
      const split = splitNamed(name, dataSet)
      const files = await splitFiles(split, options)
      const examples = shots > 0 ? await fixtureExamples() : []
      const corpus = await corpusOf(records(files))
      yield* tasksOf(records(files), options, (record) =>
        taskOf(record, { corpus, examples: unrelated(examples, record).slice(0, shots) }),
      )
    },
    prompt: promptOf,
    score: ({ answer: gold }, answer) => ({ ...hotpotAnswer(answer, gold) }),
    primaryMetric: "em",

    license: "fixture: MIT; CofCA's own data states none",
    evaluationSplit: "fixture",
    corpus: ({ corpus }) => corpus,
    answerKey,
    goldSteps: goldStepsOf,
    references,
    sources: ["CofCA"],
    mostShots,
    leaks: {
      subQuestions: ({ subQuestions }) => subQuestions,
      workedExamples: ({ examples }) => examples.map(({ question }) => question),
    },
    files: { score: scoreFiles },
  }
}

/** Hop counts in turn, each from another place of its file, so that a few examples show them all. */
async function fixtureExamples(): Promise<CofcaRecord[]> {
  const byHops: CofcaRecord[][] = []
  for (const file of fixtureFiles) {
    const read: CofcaRecord[] = []
    for await (const { record } of records([file])) read.push(record)
    byHops.push(read)
  }
  return byHops[0]!.map((_, place) => byHops[place % byHops.length]![place]!)
}

/** An example that shares a step with the question would give that step away. */
const unrelated = (examples: readonly CofcaRecord[], { question, sub_answers }: CofcaRecord): CofcaRecord[] =>
  examples.filter((shown) => shown.question !== question && !shown.sub_answers.some((it) => sub_answers.includes(it)))
