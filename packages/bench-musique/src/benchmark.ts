/**
 * MuSiQue behind the Benchmark contract, in three kinds: `answerable` (MuSiQue-Ans, searched over all paragraphs of its
 * split), `full` (MuSiQue-Full) and `synthetic` (our twins of MuSiQue-Ans). Twins are searched in their own paragraphs
 * alone: in those of the whole split a question would find what its unanswerable twin was robbed of.
 */
import { exampleFiles, fileCorpus, musiqueAnswer, splitNamed } from "@swirl-ts/bench-kit"
import {
  type Benchmark,
  type Corpus,
  contentHash,
  type Host,
  type LoadOptions,
  type Metrics,
  SwirlError,
} from "@swirl-ts/core"
import { z } from "zod"
import { noteEmptyTexts } from "./empty-texts.ts"
import { fetchFiles, splitFiles, splits } from "./files.ts"
import { abstains, promptOf } from "./prompt.ts"
import { type MusiqueRecord, passageOf, recordsOf } from "./record.ts"
import { ansReferences, fullReferences } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { syntheticTwins } from "./synthetic.ts"
import { goldSteps, type MusiqueTask, taskOf } from "./task.ts"

export type Kind = "answerable" | "full" | "synthetic"

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(20).default(0),
  /** Also the benchmark `musique-synthetic`: labelled unanswerable twins made from MuSiQue-Ans. */
  syntheticFull: z.boolean().default(false),
  /** Seed of those twins. */
  seed: z.int().min(0).default(0),
})
export type BenchmarkOptions = z.input<typeof OptionsSchema>

const descriptions: Record<Kind, string> = {
  answerable: "Questions of two to four hops over paragraphs of Wikipedia (MuSiQue-Ans, Trivedi et al. 2022).",
  full: "MuSiQue-Full: each question of MuSiQue-Ans twice, once without what it needs; says which it can answer.",
  synthetic: "SYNTHETIC, not MuSiQue-Full: MuSiQue-Ans and unanswerable twins made by swirl-ts.",
}

export function createBenchmark(kind: Kind, { shots = 0, seed = 0 }: BenchmarkOptions = {}): Benchmark<MusiqueTask> {
  const twins = kind !== "answerable"
  const variant = kind === "full" ? "full" : "ans"
  const records = (files: readonly string[], host: Host) =>
    kind === "synthetic" ? syntheticTwins(files, seed, host) : noteEmptyTexts(recordsOf(files), host)
  return {
    description: descriptions[kind],
    license: "CC BY 4.0",
    splits,
    evaluationSplit: "dev",
    tools: [{ name: "search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    primaryMetric: twins ? "ours_right" : "answer_em",
    references: kind === "answerable" ? ansReferences : kind === "full" ? fullReferences : [],
    async *load(name, { host, dataPath, limit = Number.POSITIVE_INFINITY }) {
      const split = splitNamed(name, splits, "MuSiQue")
      if (limit <= 0) return
      const found = await splitFiles(variant, split, { host, dataPath })
      const trainFiles = shots > 0 ? exampleFiles(await splitFiles(variant, "train", { host, dataPath }), split) : []
      const examples = await firstRecords(trainFiles, shots)
      const shared = twins ? undefined : splitCorpus(found.files)
      const known = new Set<string>()
      let count = 0
      let unanswerable = false
      let warned = kind === "synthetic"
      for await (const record of records(found.files, host)) {
        const task = taskOf(record, { corpus: shared ?? ownCorpus(record), twins, examples })
        const where = "where" in record ? `${record.where}: ` : ""
        if (!twins && !record.answerable) {
          throw new SwirlError(`${where}the record is unanswerable, so this is a file of twins: ask for musique-full.`)
        }
        if (known.has(task.id)) {
          throw new SwirlError(`${where}the id ${task.id} stands there twice. Take one of the records out.`)
        }
        known.add(task.id)
        unanswerable ||= !record.answerable
        if (record.synthetic && !warned) {
          host.log(`${where}SYNTHETIC records, made from MuSiQue-Ans by swirl-ts: no result on them is MuSiQue-Full's.`)
          warned = true
        }
        yield task
        if (++count >= limit) return
      }
      if (count === 0)
        throw new SwirlError(`${found.files.join(", ")} holds no question. Give MuSiQue's JSON Lines file.`)
      if (kind === "full" && split !== "test" && !unanswerable) {
        throw new SwirlError(
          `${found.files.join(", ")} holds no unanswerable record, so it is MuSiQue-Ans: ask for musique, or make labelled synthetic twins with musique({ syntheticFull: true }).`,
        )
      }
    },
    prompt: (task, context) => promptOf(task, context, twins, shots),
    corpus: ({ corpus }) => corpus,
    goldSteps,
    score: twins ? scoreTwin : scoreAnswerable,
    retrieval: { goldTitles: ({ supportingTitles }) => supportingTitles },
    files: {
      fetch: (host) => fetchFiles(variant, host),
      score: scoreFiles,
      derived: kind === "answerable" ? { "synthetic-full": syntheticLines } : {},
    },
  }
}

async function* syntheticLines(name: string, { host, dataPath, seed = 0 }: LoadOptions): AsyncGenerator<string> {
  const { files } = await splitFiles("ans", splitNamed(name, splits, "MuSiQue"), { host, dataPath })
  for await (const record of syntheticTwins(files, seed, host)) yield JSON.stringify(record)
}

/** Nothing where the answer is hidden. */
function scoreAnswerable({ acceptedAnswers }: MusiqueTask, answer: string | undefined): Metrics {
  if (acceptedAnswers.length === 0) return {}
  const { em, f1 } = answer === undefined ? { em: 0, f1: 0 } : musiqueAnswer(answer, acceptedAnswers)
  return { answer_em: em, answer_f1: f1 }
}

/** `ours_right`: the exact answer where there is one, `unanswerable` where there is none. No answer is wrong. */
function scoreTwin(task: MusiqueTask, answer: string | undefined): Metrics {
  if (!task.answerable) return { ours_right: answer !== undefined && abstains(answer) ? 1 : 0 }
  const scores = scoreAnswerable(task, answer)
  return scores.answer_em === undefined ? {} : { ...scores, ours_right: scores.answer_em }
}

const splitCorpus = (files: readonly string[]): Corpus =>
  fileCorpus("musique", files, async function* () {
    for await (const { paragraphs } of recordsOf(files)) yield* paragraphs.map(passageOf)
  })

function ownCorpus({ paragraphs }: MusiqueRecord): Corpus {
  const passages = paragraphs.map(passageOf)
  return { id: `musique-${contentHash(passages, 32)}`, passages: () => passages }
}

/** One more than are shown, so that a question that is among them finds another in its place. */
async function firstRecords(files: readonly string[], shots: number): Promise<MusiqueRecord[]> {
  const found: MusiqueRecord[] = []
  if (shots === 0) return found
  for await (const record of recordsOf(files)) {
    if (record.answerable && found.push(record) > shots) break
  }
  return found
}
