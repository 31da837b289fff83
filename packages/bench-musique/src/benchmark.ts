/**
 * MuSiQue behind the Benchmark contract, in three kinds: `answerable` (MuSiQue-Ans, searched over all paragraphs of its
 * split), `full` (MuSiQue-Full) and `synthetic` (our twins of MuSiQue-Ans). Twins are searched in their own paragraphs
 * alone: in those of the whole split a question would find what its unanswerable twin was robbed of.
 */
import {
  answerKey,
  exampleRecords,
  examplesFor,
  fetchFiles,
  filesRead,
  locate,
  musiqueAnswer,
  recordCorpus,
  recordsOf,
  splitNamed,
  tasksOf,
} from "@swirl-ts/bench-kit"
import { type Corpus, contentHash, type LoadOptions, type Metrics, type PlainBenchmark } from "@swirl-ts/core"
import { z } from "zod"
import { noteEmptyTexts } from "./empty-texts.ts"
import { dataSet as official } from "./files.ts"
import { abstains, promptOf } from "./prompt.ts"
import { type MusiqueRecord, passagesOf, readRecord } from "./record.ts"
import { ansReferences, fullReferences } from "./references.ts"
import { scoreFiles } from "./score-files.ts"
import { syntheticTwins } from "./synthetic.ts"
import { goldStepsOf, type MusiqueTask, taskOf } from "./task.ts"
import { ofVariant } from "./variants.ts"

export type Kind = "answerable" | "full" | "synthetic"

/** The most worked examples. */
const mostShots = 20

export const OptionsSchema = z.strictObject({
  /** Worked examples before each question; the paper shows none. */
  shots: z.int().min(0).max(mostShots).default(0),
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

export function createBenchmark(kind: Kind, options: BenchmarkOptions = {}): PlainBenchmark<MusiqueTask> {
  const { shots: ownShots = 0, seed = 0 } = options
  const twins = kind !== "answerable"
  const variant = kind === "full" ? "full" : "ans"
  const dataSet = official(variant)
  const records = (files: readonly string[]) => recordsOf(dataSet, files, readRecord)
  return {
    description: descriptions[kind],
    splits: dataSet.splits,
    tools: [{ name: "tools-search/search" }],
    limits: { toolCalls: 5, steps: 7, stepTokens: 512, trajectoryTokens: 8192 },
    async *load(name, options) {
      const { host, shots = ownShots } = options
      const split = splitNamed(name, dataSet)
      const { files } = await locate(dataSet, split, options)
      const examples = await exampleRecords(dataSet, split, options, shots, records, ({ answerable }) => answerable)
      const splitCorpus = recordCorpus("musique", files, records, passagesOf)
      const asked =
        kind === "synthetic"
          ? syntheticTwins(files, seed, host)
          : ofVariant(variant, noteEmptyTexts(records(files), host), { files, hidden: split === "test", host })
      yield* tasksOf(asked, options, (record) =>
        taskOf(record, {
          twins,
          corpus: twins ? ownCorpus(record) : splitCorpus,
          examples: examplesFor(examples, record, shots),
        }),
      )
    },
    filesRead: (name, options) => filesRead(dataSet, splitNamed(name, dataSet), options, options.shots ?? ownShots),
    prompt: (task, context) => promptOf(task, context, twins),
    score: twins ? scoreTwin : scoreAnswerable,
    primaryMetric: twins ? "ours_right" : "answer_em",

    license: "CC BY 4.0",
    evaluationSplit: "dev",
    corpus: ({ corpus }) => corpus,
    answerKey,
    goldSteps: goldStepsOf,
    references: kind === "answerable" ? ansReferences : kind === "full" ? fullReferences : [],
    sources: ["MuSiQue", "SQuAD", "Natural Questions", "T-REx", "MLQA", "zsRE"],
    // What is left of an unanswerable twin's supporting paragraphs does not hold the answer.
    retrieval: { goldTitles: ({ answerable, supportingTitles }) => (answerable ? supportingTitles : []) },
    mostShots,
    leaks: {
      subQuestions: ({ stepQuestions }) => stepQuestions(),
      workedExamples: ({ examples }) => examples.map(({ question }) => question),
    },
    files: {
      fetch: (host, options) => fetchFiles(dataSet, host, options),
      score: scoreFiles,
      derived: kind === "answerable" ? { "synthetic-full": syntheticLines } : {},
    },
  }
}

async function* syntheticLines(name: string, options: LoadOptions): AsyncGenerator<string> {
  const dataSet = official("ans")
  const { files } = await locate(dataSet, splitNamed(name, dataSet), options)
  for await (const { record } of syntheticTwins(files, options.seed, options.host)) yield JSON.stringify(record)
}

/** Nothing where the answer is hidden. */
function scoreAnswerable({ acceptedAnswers }: MusiqueTask, answer: string | undefined): Metrics {
  if (acceptedAnswers.length === 0) return {}
  const { em, f1 } = musiqueAnswer(answer, acceptedAnswers)
  return { answer_em: em, answer_f1: f1 }
}

/** `ours_right`: the exact answer where there is one, `unanswerable` where there is none. No answer is wrong. */
function scoreTwin(task: MusiqueTask, answer: string | undefined): Metrics {
  if (!task.answerable) return { ours_right: answer !== undefined && abstains(answer) ? 1 : 0 }
  const scores = scoreAnswerable(task, answer)
  return scores.answer_em === undefined ? {} : { ...scores, ours_right: scores.answer_em }
}

function ownCorpus(record: MusiqueRecord): Corpus {
  const passages = passagesOf(record)
  return { id: `musique-${contentHash(passages, 32)}`, passages: () => passages }
}
