/** BeerQA behind the Benchmark contract. */
import { resolve } from "node:path"
import {
  download,
  exampleFiles,
  fileCorpus,
  locate,
  type RemoteFile,
  readRecords,
  splitNamed,
} from "@swirl-ts/bench-kit"
import { type Benchmark, SwirlError } from "@swirl-ts/core"
import { z } from "zod"
import { namesOf, officialFiles, type Split, splits } from "./files.ts"
import { goldSteps } from "./gold-steps.ts"
import { labelOf, readLabels } from "./labels.ts"
import { aggregate, answerMetrics } from "./metrics.ts"
import { promptOf } from "./prompt.ts"
import { type BeerqaRecord, readRecord } from "./record.ts"
import { references } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { type BeerqaTask, goldTitles, passageOf, taskOf } from "./task.ts"

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(100).default(0),
  /** Sources by question id, `{ id: "3+hop" }`, or the path of a JSON file of them, for questions that name none. */
  labels: z.union([z.string().min(1), z.record(z.string(), z.string().min(1))]).optional(),
})
export interface BenchmarkOptions extends z.input<typeof OptionsSchema> {
  /** Where the splits are when no `--data` is given. */
  files?: Record<Split, RemoteFile>
}

export function createBenchmark({
  shots = 0,
  labels,
  files = officialFiles,
}: BenchmarkOptions = {}): Benchmark<BeerqaTask> {
  return {
    description:
      "Open-domain questions of one, two and more hops from SQuAD, HotpotQA and anew (BeerQA, Qi et al. 2021).",
    license: "not stated with the data; built from SQuAD and HotpotQA, both CC BY-SA 4.0",
    splits,
    evaluationSplit: "dev",
    tools: [{ name: "search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    primaryMetric: "em",
    references,
    async *load(name, { host, dataPath, limit = Number.POSITIVE_INFINITY }) {
      const split = splitNamed(name, splits, "BeerQA")
      const find = (wanted: Split) =>
        locate({
          benchmark: "BeerQA",
          split: wanted,
          host,
          dataPath,
          remote: [files[wanted]],
          splits,
          namesOf,
          home: "beerqa",
        })
      if (limit <= 0) return
      const found = await find(split)
      const sources = readLabels(typeof labels === "string" ? resolve(host.workingDirectory, labels) : labels)
      const examples = shots > 0 ? await firstRecords(exampleFiles(await find("train"), split), shots + 1) : []
      const corpus = fileCorpus("beerqa", found.files, async function* () {
        for await (const [{ context = [] }] of records(found.files, true)) yield* context.map(passageOf)
      })
      let count = 0
      for await (const record of distinctRecords(found.files, split === "test")) {
        const shown = examples.filter(({ id, question }) => id !== record.id && question !== record.question)
        yield taskOf(record, { label: labelOf(sources, record.id), corpus, examples: shown.slice(0, shots) })
        if (++count >= limit) return
      }
      if (count === 0) throw new SwirlError(`${found.files.join(", ")} holds no question.`)
    },
    prompt: promptOf,
    corpus: ({ corpus }) => corpus,
    goldSteps,
    score: ({ record, source }, answer) => (record.answers ? answerMetrics(answer, record.answers, source) : {}),
    aggregate,
    retrieval: { goldTitles: ({ record }) => goldTitles(record) },
    files: {
      async fetch(host) {
        const paths: string[] = []
        for (const split of splits) paths.push(await download(files[split], host))
        return { files: paths }
      },
      score: (gold, predictions) => scoreFiles(gold, predictions, readLabels(labels)),
    },
  }
}

async function* records(files: readonly string[], hidden: boolean): AsyncGenerator<[BeerqaRecord, where: string]> {
  for (const file of files) {
    for await (const { where, value } of readRecords(file, { at: "data" })) {
      yield [readRecord(value, where, hidden), where]
    }
  }
}

async function* distinctRecords(files: readonly string[], hidden: boolean): AsyncGenerator<BeerqaRecord> {
  const places = new Map<string, string>()
  for await (const [record, where] of records(files, hidden)) {
    const before = places.get(record.id)
    if (before !== undefined) {
      throw new SwirlError(`${where} has the id ${record.id}, as ${before} has. Take one of them out.`)
    }
    places.set(record.id, where)
    yield record
  }
}

async function firstRecords(files: readonly string[], count: number): Promise<BeerqaRecord[]> {
  const first: BeerqaRecord[] = []
  for await (const [record] of records(files, false)) if (first.push(record) === count) break
  return first
}
