/** GSM8K behind the Benchmark contract. */
import {
  exampleRecords,
  examplesFor,
  fetchFiles,
  filesRead,
  locate,
  recordsOf,
  splitNamed,
  tasksOf,
} from "@swirl-ts/bench-kit"
import type { PlainBenchmark } from "@swirl-ts/core"
import { z } from "zod"
import { accuracy, onlyNumber } from "./accuracy.ts"
import { dataSet as official } from "./files.ts"
import { promptOf } from "./prompt.ts"
import { readings } from "./readings.ts"
import { readRecord } from "./record.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { type Gsm8kTask, goldStepsOf, taskOf } from "./task.ts"

/** The most worked examples. */
const mostShots = 100

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(mostShots).default(0),
  /** Draws the numbers of `gsm-large`: the same seed, the same questions. */
  largeSeed: z.int().min(0).default(0),
})
export interface BenchmarkOptions extends z.input<typeof OptionsSchema> {
  /** Where the splits are when no `--data` is given. */
  remote?: typeof official.remote
}

export function createBenchmark(options: BenchmarkOptions = {}): PlainBenchmark<Gsm8kTask> {
  const { shots: ownShots = 0, remote = official.remote } = options
  const dataSet = { ...official, remote }
  const records = (files: readonly string[]) => recordsOf(dataSet, files, readRecord)
  return {
    description: "Grade-school maths word problems; the answer is one number (Cobbe et al. 2021).",
    splits: dataSet.splits,
    tools: [{ name: "tools-calculator/calculator", options: { style: "python-float" } }],
    limits: { toolCalls: 10, steps: 12, stepTokens: 512, trajectoryTokens: 8192 },
    async *load(name, options) {
      const { shots = ownShots } = options
      const split = splitNamed(name, dataSet)
      const { files } = await locate(dataSet, split, options)
      const examples = await exampleRecords(dataSet, split, options, shots, records)
      let row = 0
      yield* tasksOf(records(files), options, (record) =>
        taskOf(record, { id: `${split}/${row++}`, examples: examplesFor(examples, record, shots) }),
      )
    },
    filesRead: (name, options) => filesRead(dataSet, splitNamed(name, dataSet), options, options.shots ?? ownShots),
    prompt: promptOf,
    score: (task, answer) => ({
      accuracy: accuracy(answer, task.answer),
      official: answer !== undefined && readings.official.isRight(`#### ${answer}`, task.solution) ? 1 : 0,
    }),
    primaryMetric: "accuracy",

    license: "MIT",
    answerKey: onlyNumber,
    goldSteps: (task) => goldStepsOf(task),
    references,
    sources: ["GSM8K"],
    mostShots,
    leaks: { workedExamples: ({ examples }) => examples.map(({ question }) => question) },
    files: { fetch: (host, options) => fetchFiles(dataSet, host, options), score: scoreFiles },
  }
}
