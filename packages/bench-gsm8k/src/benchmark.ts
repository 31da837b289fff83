/** GSM8K behind the Benchmark contract. */
import { download, exampleFiles, locate, type RemoteFile, type SplitFiles, splitNamed } from "@swirl-ts/bench-kit"
import type { Benchmark, GoldStep } from "@swirl-ts/core"
import { z } from "zod"
import { accuracy } from "./accuracy.ts"
import { foldersOf, hubFiles, namesOf, type Split, splits } from "./files.ts"
import { promptOf } from "./prompt.ts"
import { readings } from "./readings.ts"
import { references } from "./references.ts"
import { readRows } from "./rows.ts"
import { scoreFiles } from "./score-files.ts"
import { type Gsm8kTask, notedValues, type Row, taskOf } from "./task.ts"

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(100).default(0),
})
export interface BenchmarkOptions extends z.input<typeof OptionsSchema> {
  /** Where the splits are when no `--data` is given. */
  files?: Record<Split, RemoteFile>
}

export function createBenchmark({ shots = 0, files = hubFiles }: BenchmarkOptions = {}): Benchmark<Gsm8kTask> {
  return {
    description: "Grade-school maths word problems; the answer is one number (Cobbe et al. 2021).",
    license: "MIT",
    splits,
    tools: [{ name: "calculator", options: { style: "python-float" } }],
    limits: { toolCalls: 10, steps: 12, stepTokens: 512, trajectoryTokens: 8192 },
    primaryMetric: "accuracy",
    references,
    async *load(name, { host, dataPath, limit = Number.POSITIVE_INFINITY }) {
      const split = splitNamed(name, splits, "GSM8K")
      const find: Find = (wanted) =>
        locate({
          benchmark: "GSM8K",
          split: wanted,
          host,
          dataPath,
          remote: [files[wanted]],
          splits,
          namesOf,
          folders: foldersOf(wanted),
          home: "gsm8k",
        })
      const examples = shots > 0 ? await firstTrainRows(shots + 1, find, split) : []
      const found = await find(split)
      let index = 0
      if (limit <= 0) return
      for (const file of found.files) {
        for await (const row of readRows(file)) {
          const shown = examples.filter((example) => example.question !== row.question).slice(0, shots)
          yield taskOf(row, split, index++, shown)
          if (index >= limit) return
        }
      }
    },
    prompt: promptOf,
    score: (task, answer) => ({
      accuracy: accuracy(answer, task.answer),
      official: answer !== undefined && readings.official.isRight(`#### ${answer}`, task.solution) ? 1 : 0,
    }),
    goldSteps: (task) => notedValues(task.solution).map(calculated),
    files: {
      async fetch(host) {
        const paths: string[] = []
        for (const split of splits) paths.push(await download(files[split], host))
        return { files: paths }
      },
      score: scoreFiles,
    },
  }
}

/** A value that the calculator should print on the way, in whatever form it prints numbers. */
function calculated(value: string): GoldStep {
  const number = Number(value.replace(/[$,]/g, ""))
  return {
    metric: "gold_step_recall",
    text: value,
    seenIn: ({ text, isError }) =>
      !isError && (text.trim() === value || Math.abs(Number(text) - number) <= 1e-6 * Math.max(1, Math.abs(number))),
  }
}

type Find = (split: Split) => Promise<SplitFiles>

async function firstTrainRows(count: number, find: Find, split: Split): Promise<Row[]> {
  const files = exampleFiles(await find("train"), split)
  const rows: Row[] = []
  for (const file of files) {
    for await (const row of readRows(file)) {
      if (rows.push(row) === count) return rows
    }
  }
  return rows
}
