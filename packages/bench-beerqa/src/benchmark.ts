/** BeerQA behind the Benchmark contract. */
import { resolve } from "node:path"
import {
  answerKey,
  exampleRecords,
  examplesFor,
  fetchFiles,
  locate,
  recordCorpus,
  recordsOf,
  splitNamed,
  tasksOf,
} from "@swirl-ts/bench-kit"
import type { PlainBenchmark } from "@swirl-ts/core"
import { z } from "zod"
import { dataSet as official } from "./files.ts"
import { labelOf, readLabels } from "./labels.ts"
import { aggregate, answerMetrics } from "./metrics.ts"
import { promptOf } from "./prompt.ts"
import { passagesOf, readRecord } from "./record.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { type BeerqaTask, goldStepsOf, goldTitles, taskOf } from "./task.ts"

/** The most worked examples. */
const mostShots = 100

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(mostShots).default(0),
  /** Sources by question id, `{ id: "3+hop" }`, or the path of a JSON file of them, for questions that name none. */
  labels: z.union([z.string().min(1), z.record(z.string(), z.string().min(1))]).optional(),
})
export interface BenchmarkOptions extends z.input<typeof OptionsSchema> {
  /** Where the splits are when no `--data` is given. */
  remote?: typeof official.remote
}

export function createBenchmark(options: BenchmarkOptions = {}): PlainBenchmark<BeerqaTask> {
  const { shots: ownShots = 0, labels, remote = official.remote } = options
  const dataSet = { ...official, remote }
  const records = (files: readonly string[], hidden = false) =>
    recordsOf(dataSet, files, (record) => readRecord(record, hidden))
  return {
    description:
      "Open-domain questions of one, two and more hops from SQuAD, HotpotQA and anew (BeerQA, Qi et al. 2021).",
    splits: dataSet.splits,
    tools: [{ name: "tools-search/search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    async *load(name, options) {
      const { shots = ownShots } = options
      const split = splitNamed(name, dataSet)
      const { files } = await locate(dataSet, split, options)
      const sources = readLabels(typeof labels === "string" ? resolve(options.host.workingDirectory, labels) : labels)
      const examples = await exampleRecords(dataSet, split, options, shots, records)
      const corpus = recordCorpus("beerqa", files, (all) => records(all, true), passagesOf)
      yield* tasksOf(records(files, split === "test"), options, (record) =>
        taskOf(record, { label: labelOf(sources, record.id), corpus, examples: examplesFor(examples, record, shots) }),
      )
    },
    prompt: promptOf,
    score: ({ record, source }, answer) => (record.answers ? answerMetrics(answer, record.answers, source) : {}),
    primaryMetric: "em",

    license: "not stated with the data; built from SQuAD and HotpotQA, both CC BY-SA 4.0",
    evaluationSplit: "dev",
    corpus: ({ corpus }) => corpus,
    answerKey,
    aggregate,
    goldSteps: goldStepsOf,
    references,
    sources: ["BeerQA", "HotpotQA", "SQuAD"],
    retrieval: { goldTitles: ({ record }) => goldTitles(record) },
    mostShots,
    leaks: { workedExamples: ({ examples }) => examples.map(({ question }) => question) },
    files: {
      fetch: (host, options) => fetchFiles(dataSet, host, options),
      score: (gold, predictions) => scoreFiles(gold, predictions, readLabels(labels)),
    },
  }
}
