/** CofCA behind the Benchmark contract. What split `fixture` measures is this program, never CofCA. */
import { hotpotAnswer, splitNamed } from "@swirl-ts/bench-kit"
import type { Benchmark } from "@swirl-ts/core"
import { z } from "zod"
import { fixtureFiles, splitFiles, splits } from "./files.ts"
import { promptOf } from "./prompt.ts"
import { type CofcaRecord, recordsOf } from "./record.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { type CofcaTask, corpusOf, goldSteps, taskOf } from "./task.ts"

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(4).default(0),
})
export type BenchmarkOptions = z.input<typeof OptionsSchema>

export function createBenchmark({ shots = 0 }: BenchmarkOptions = {}): Benchmark<CofcaTask> {
  return {
    description:
      "Questions of two to four hops over counterfactual passages (CofCA, Wu et al. 2025). Split fixture is made up for this package and is NOT CofCA.",
    license: "fixture: MIT; CofCA's own data states none",
    splits,
    evaluationSplit: "fixture",
    tools: [{ name: "search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    primaryMetric: "em",
    references,
    async *load(name, { host, dataPath, limit = Number.POSITIVE_INFINITY }) {
      const split = splitNamed(name, splits, "CofCA")
      if (limit <= 0) return
      const files = await splitFiles(split, { host, dataPath })
      const corpus = await corpusOf(files)
      const examples = shots > 0 ? await fixtureExamples() : []
      let count = 0
      for await (const record of recordsOf(files)) {
        yield taskOf(record, corpus, examples)
        if (++count >= limit) return
      }
    },
    prompt: (task, context) => promptOf(task, context, shots),
    corpus: ({ corpus }) => corpus,
    goldSteps,
    score: ({ answer: gold }, answer) =>
      answer === undefined ? { em: 0, f1: 0, prec: 0, recall: 0 } : { ...hotpotAnswer(answer, gold) },
    files: { score: scoreFiles },
  }
}

/** Hop counts in turn, each from another place of its file, so that a few examples show them all. */
async function fixtureExamples(): Promise<CofcaRecord[]> {
  const byHops: CofcaRecord[][] = []
  for (const file of fixtureFiles) {
    const records: CofcaRecord[] = []
    for await (const record of recordsOf([file])) records.push(record)
    byHops.push(records)
  }
  return byHops[0]!.map((_, place) => byHops[place % byHops.length]![place]!)
}
