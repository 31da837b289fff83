/** HotpotQA behind the Benchmark contract, in either setting. */
import { resolve } from "node:path"
import {
  answerKey,
  exampleRecords,
  examplesFor,
  fetchFiles,
  fileCorpus,
  filesRead,
  hotpotAnswer,
  locate,
  recordCorpus,
  recordsOf,
  splitNamed,
  tasksOf,
} from "@swirl-ts/bench-kit"
import type { Corpus, PlainBenchmark } from "@swirl-ts/core"
import { passageFile } from "@swirl-ts/kit"
import { z } from "zod"
import { dataSet as official, type Setting } from "./files.ts"
import { canBeShown, promptOf } from "./prompt.ts"
import { passagesOf, readRecord } from "./record.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { goldStepsOf, goldTitles, type HotpotqaTask, taskOf } from "./task.ts"

/** The most worked examples. */
const mostShots = 100

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(mostShots).default(0),
  /** Only questions of these levels. */
  levels: z
    .array(z.enum(["easy", "medium", "hard"]))
    .min(1)
    .optional(),
  /** Lines of `{"title", "text"}` to search in place of the split's own paragraphs. */
  corpus: z.string().min(1).optional(),
})
export interface BenchmarkOptions extends z.input<typeof OptionsSchema> {
  /** Where the splits are when no `--data` is given. */
  remote?: ReturnType<typeof official>["remote"]
}

const descriptions: Record<Setting, string> = {
  distractor: "Questions over two Wikipedia paragraphs among ten (Yang et al. 2018), distractor setting.",
  fullwiki: "HotpotQA, fullwiki setting: the paragraphs are what the authors' retriever found in all of Wikipedia.",
}

export function createBenchmark(setting: Setting, options: BenchmarkOptions = {}): PlainBenchmark<HotpotqaTask> {
  const { shots: ownShots = 0, levels, corpus: ownFile, remote = official(setting).remote } = options
  const dataSet = { ...official(setting), remote }
  const records = (files: readonly string[]) => recordsOf(dataSet, files, readRecord)
  return {
    description: descriptions[setting],
    splits: dataSet.splits,
    tools: [{ name: "tools-search/search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    async *load(name, options) {
      const { shots = ownShots } = options
      const split = splitNamed(name, dataSet)
      const { files } = await locate(dataSet, split, options)
      const examples = await exampleRecords(dataSet, split, options, shots, records, canBeShown)
      const corpus = ownFile
        ? ownCorpus(resolve(options.host.workingDirectory, ownFile))
        : recordCorpus("hotpotqa", files, records, passagesOf)
      yield* tasksOf(records(files), options, (record) => {
        const { level } = record
        if (levels && level && !levels.some((wanted) => wanted === level)) return undefined
        return taskOf(record, { corpus, examples: examplesFor(examples, record, shots) })
      })
    },
    filesRead: async (name, options) =>
      ownFile === undefined
        ? filesRead(dataSet, splitNamed(name, dataSet), options, options.shots ?? ownShots)
        : undefined,
    prompt: promptOf,
    score: ({ answer: gold }, answer) => (gold === undefined ? {} : { ...hotpotAnswer(answer, gold) }),
    primaryMetric: "em",

    license: "CC BY-SA 4.0",
    evaluationSplit: "dev",
    corpus: ({ corpus }) => corpus,
    answerKey,
    goldSteps: goldStepsOf,
    references: references[setting],
    sources: ["HotpotQA"],
    retrieval: { goldTitles },
    mostShots,
    leaks: { workedExamples: ({ examples }) => examples.map(({ question }) => question) },
    files: { fetch: (host, options) => fetchFiles(dataSet, host, options), score: scoreFiles },
  }
}

/** A file of passages in place of the split's paragraphs. */
function ownCorpus(path: string): Corpus {
  const { passages, skipped } = passageFile(path)
  return fileCorpus("passages", [path], passages, skipped)
}
