/**
 * `gsm-large`: GSM8K's questions with their numbers made large, behind the Benchmark contract. What is asked, how it is
 * answered and scored is as in `gsm8k`; it shares that one's questions, so that what was seen of the one is known of the other.
 */
import {
  type DataSet,
  exampleRecords,
  examplesFor,
  fetchFiles,
  locate,
  type Placed,
  recordsOf,
  splitNamed,
  tasksOf,
} from "@swirl-ts/bench-kit"
import type { PlainBenchmark } from "@swirl-ts/core"
import { type BenchmarkOptions, createBenchmark } from "../benchmark.ts"
import { dataSet as official, type Split } from "../files.ts"
import { type Gsm8kRecord, readRecord } from "../record.ts"
import { type Gsm8kTask, goldStepsOf, taskOf } from "../task.ts"
import { type Reason, reasons } from "./chain.ts"
import { enlarge } from "./enlarge.ts"

export interface GsmLargeTask extends Gsm8kTask {
  /** GSM8K's own question, with its own numbers. */
  madeFrom: string
}

type LargeRecord = Gsm8kRecord & Pick<GsmLargeTask, "madeFrom"> & { row: number }

/** Of large numbers: one that differs in a digit is another, however near it is. */
const tolerance = 1e-12

export function createLargeBenchmark(options: BenchmarkOptions = {}): PlainBenchmark<GsmLargeTask> {
  const { shots: ownShots = 0, largeSeed = 0, remote = official.remote } = options
  const { score, prompt, ...gsm8k } = createBenchmark(options)
  const dataSet: DataSet<Split> = { ...official, name: "gsm-large", splits: ["train", "test"], remote }
  const records = (files: readonly string[], leftOut?: Tally) =>
    largeRecords(recordsOf(dataSet, files, readRecord), largeSeed, leftOut)
  return {
    ...gsm8k,
    description:
      "GSM8K's questions with their numbers made large, answers worked out again: head arithmetic fails. After GSM-Hard (Gao et al. 2022); this is NOT GSM8K.",
    splits: dataSet.splits,
    async *load(name, options) {
      const { shots = ownShots } = options
      const split = splitNamed(name, dataSet)
      const { files } = await locate(dataSet, split, options)
      const examples = await exampleRecords(dataSet, split, options, shots, records)
      const leftOut = createTally((line) => options.host.log(`gsm-large/${split}: ${line}`))
      yield* tasksOf(records(files, leftOut), options, (record) => ({
        ...taskOf(record, { id: `${split}/${record.row}`, examples: examplesFor(examples, record, shots) }),
        madeFrom: record.madeFrom,
      }))
    },
    prompt,
    score,

    license: "MIT (GSM8K's; numbers are drawn)",
    goldSteps: (task) => goldStepsOf(task, tolerance),
    references: undefined,
    leaks: { ...gsm8k.leaks, subQuestions: ({ madeFrom }) => [madeFrom] },
    files: { fetch: (host, options) => fetchFiles(dataSet, host, options) },
  }
}

async function* largeRecords(
  records: AsyncIterable<Placed<Gsm8kRecord>>,
  seed: number,
  leftOut?: Tally,
): AsyncGenerator<Placed<LargeRecord>> {
  let row = 0
  for await (const { record, where } of records) {
    const large = enlarge(record, seed)
    if (typeof large === "string") leftOut?.add(large)
    else yield { record: { ...large.record, madeFrom: record.question, row }, where }
    row++
  }
  leftOut?.say(row)
}

interface Tally {
  add(reason: Reason): void
  /** Once all rows are read. */
  say(rows: number): void
}

/** What was left out, by reason, most first: one line for people. */
function createTally(log: (line: string) => void): Tally {
  const counts = new Map<Reason, number>()
  return {
    add: (reason) => counts.set(reason, (counts.get(reason) ?? 0) + 1),
    say(rows) {
      const sorted = [...counts].sort(([, a], [, b]) => b - a)
      const total = sorted.reduce((sum, [, count]) => sum + count, 0)
      const said = sorted.map(([reason, count]) => `${count} ${reasons[reason]}`)
      log(`${rows - total} of GSM8K's ${rows} questions are taken.${total > 0 ? ` Left out: ${said.join("; ")}.` : ""}`)
    },
  }
}
