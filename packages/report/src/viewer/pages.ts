/**
 * What the viewer reads: the contract between the writer of this folder and the pages in the browser, as types alone.
 *
 * `report/` of a run folder holds `index.html`, the viewer's script and style, and `data/`:
 *
 *   data/summary.js                   the run, and in `pages` where the rest is; replaced in one step, last
 *   data/<folder>/questions-<n>.js    what was asked, each question once
 *   data/<folder>/samples-<n>.js      columns to browse; a sample is a row, and its number is its place over all pages
 *   data/<folder>/trajectories-<n>.js everything of each sample, loaded when one is opened
 *   data/<folder>/tokens-<n>.js       texts of the token ids of one policy
 *
 * Each is a classic script, since a page of `file://` may not fetch: one call of the global function `swirlPage(name, json)`,
 * where `name` is the file's without its folder and ending, and `json` a text for `JSON.parse` (as an object literal, a
 * recorded key `__proto__` would be none). Texts are as they were recorded, whatever they hold: whoever shows one shows it
 * as text. Numbers of the contract count from 0.
 */
import type {
  EvalSample,
  FilterRecord,
  ForeignScore,
  ImportedRecord,
  RecordedEndpoint,
  Step,
  ToolUse,
  TrainingResultRecord,
  Trajectory,
} from "@swirl-ts/core"
import type { ReportCalibration, ReportMatrix, ReportTraining } from "../data.ts"
import type { Table } from "../tables/table.ts"

/** The global function that every page calls. */
export const pageFunction = "swirlPage"

export interface Pages {
  summary: SummaryPage
  questions: QuestionsPage
  samples: SamplesPage
  trajectories: TrajectoriesPage
  tokens: TokensPage
}

export interface SummaryPage {
  schema: "swirl.viewer/1"
  title: string
  /** ISO 8601: when the folder was made. */
  createdAt: string
  /** Paragraphs in plain words, the first one the finding; those that begin with a space are details of the one before. */
  headline: string[]
  /** What these numbers do not say. */
  caveats: string[]
  /** The experiment's, else accuracies of what was evaluated; absent where nothing was. */
  matrix?: ReportMatrix
  /** The same, and what its trainings took, as terminal and Markdown have it: `matrixTables(matrix)`. */
  tables: Table[]
  /** How they are read, a sentence each. */
  captions: string[]
  /** Policies of one cell side by side, paired question by question, where no matrix pairs them. */
  comparisons: ViewerComparison[]
  /** Run folders, in the order of their paths. */
  runs: ViewerRun[]
  cells: ViewerCell[]
  /** Samples that belong together: of one stage, run folder, policy and cell. */
  groups: SampleGroup[]
  trainings: ViewerTraining[]
  filters: ViewerFilter[]
  judges: ViewerJudge[]
  /** Judges against oracles. */
  calibration: ReportCalibration[]
  /** Every two judges that were asked about the same steps. */
  agreements: ViewerAgreement[]
  tools: ({ name: string } & ToolUse)[]
  costs: ViewerCost[]
  /** How it was made: name -> value. */
  provenance: Record<string, string>
  /** Command lines that make it again. */
  commands: string[]
  /** How much there is, and what was left out: name -> number. */
  counts: Record<string, number>
  pages: PageIndex
}

/** Where the pages are. A page `<kind>-<n>` holds what is numbered from `starts[n]` on, up to the next one's. */
export interface PageIndex {
  /** In `data/`. Another build has another name. */
  folder: string
  questions: { count: number; starts: number[] }
  samples: { count: number; starts: number[] }
  /** Starts are numbers of samples. */
  trajectories: { starts: number[] }
  tokens: { count: number }
}

export interface ViewerRun {
  /** Relative to the report's run folder, with slashes; empty for that folder itself. */
  folder: string
  id?: string
  createdAt?: string
  gitRevision?: string
  machine?: Record<string, string | number>
  /** Settings of each stage, by its name: `generate/…`, `judge…`, `train/…`, `eval/<policy>/<cell>`, `import/…`. */
  stages: Record<string, Record<string, unknown>>
  /** Requests to each of several servers, by stage. */
  endpoints?: Record<string, RecordedEndpoint[]>
}

export interface ViewerCell {
  /** As `matrix.columns` and people have it: `calc/test`. */
  name: string
  /** Full name. */
  benchmark: string
  split: string
  /** Absent where trajectories were generated, and not evaluated. */
  temperature?: number | "none"
  /** Metric that says what is right; absent where nobody knows it. */
  primaryMetric?: string
  /** Every metric on record. */
  metrics: string[]
}

export const sampleStages = ["evaluate", "generate", "import", "round", "earlier try"] as const
export type SampleStage = (typeof sampleStages)[number]

export interface SampleGroup {
  stage: SampleStage
  /** Number in `runs`. */
  run: number
  /** Number in `cells`. */
  cell: number
  /** As records name it. */
  policy: string
  /** The model string that it was opened by. */
  model?: string
  /** For people, short, and another for each policy: `swirl-calc-process #7`, `base`, `nano`. */
  label: string
  /** Number in `matrix.rows`. */
  row?: number
  /** Of a training's fresh episodes: its name, and the round. */
  training?: string
  round?: number
  /** Number of the policy's page of tokens. */
  tokens?: number
  samples: number
  right: number
  wrong: number
  /** Scored between 0 and 1. */
  partly: number
  /** Without a score, errors among them. */
  unscored: number
  errors: number
  steps: number
  toolCalls: number
  inputTokens: number
  outputTokens: number
}

export interface ViewerTraining extends ReportTraining {
  /** Number in `runs`. */
  run: number
  /** The algorithm's settings. */
  spec?: Record<string, unknown>
  /** Absent while it has not ended. */
  result?: TrainingResultRecord
}

export interface ViewerFilter extends Omit<FilterRecord, "schema" | "ids"> {
  /** Number in `runs`. */
  run: number
}

export interface ViewerJudge {
  /** Name and settings, as verdicts have them. */
  identity: string
  /** Knows the task: an upper bound. */
  oracle: boolean
  good: number
  bad: number
  unscored: number
  /** The most frequent reasons for bad verdicts, with how often. */
  reasons: Record<string, number>
}

export interface ViewerAgreement {
  /** Numbers in `judges`. */
  judge: number
  other: number
  /** Steps on which both gave a verdict, malformed and cut-off ones aside: they are bad without asking. */
  steps: number
  agreed: number
  /** Those that only the one, or only the other, calls good. */
  onlyJudge: number
  onlyOther: number
}

/** One policy against another on the questions of one cell that both have a score for. */
export interface ViewerComparison {
  /** Numbers in `groups`. */
  of: number
  against: number
  accuracy: number
  baseAccuracy: number
  questions: number
  change: { value: number; ci: [number, number]; ciMethod?: string; p: number; pMethod?: string; pHolm?: number }
}

/** What something took, as far as it is on record. */
export interface ViewerCost {
  /** `generate calc/train`, `evaluate calc/test, base`, `train swirl-calc-process #7`. */
  what: string
  /** Number in `runs`. */
  run: number
  inputTokens?: number
  outputTokens?: number
  trainedTokens?: number
  seconds?: number
  peakMemoryBytes?: number
}

/** Columns of one length. */
export interface QuestionsPage {
  start: number
  /** Id of the task. */
  task: string[]
  /** Full name of the benchmark, and the split. */
  benchmark: string[]
  split: string[]
  /** At most 200 characters; the whole text is in the trajectory. */
  text: string[]
  /** What counts as right, at most 200 characters; null where it is not known. Absent where it is of none. */
  reference?: (string | null)[]
}

export const trajectoryStatuses = ["answered", "step-limit", "token-limit", "error", "no trajectory"] as const
export const scoreStatuses = ["scored", "unscored", "error", "limit", "not scored yet", "not evaluated"] as const
export const finishReasons = ["stop", "length", "error", "other", "no step"] as const

/**
 * Columns of one length, a row a sample. Codes are places in the lists above. A column of nulls alone, or of zeros where
 * it counts, is absent.
 */
export interface SamplesPage {
  start: number
  /** Names the sample in links: the trajectory's id, made unique where two folders have the same. */
  key: string[]
  /** Number in `groups`. */
  group: number[]
  /** Number of the question: two samples with the same one can be paired, whatever their groups. */
  question: number[]
  epoch?: number[]
  status: number[]
  scoreStatus: number[]
  finish: number[]
  /** By the primary metric: 1 right, 0 wrong; null without a score. */
  score?: (number | null)[]
  /** By name. */
  metrics: Record<string, (number | null)[]>
  /** What it answered, at most 120 characters. */
  answer?: (string | null)[]
  /** Why it failed, at most 200 characters. */
  error?: (string | null)[]
  steps?: number[]
  toolCalls?: number[]
  toolErrors?: number[]
  malformed?: number[]
  inputTokens?: number[]
  outputTokens?: number[]
  /** Verdicts on its steps, of judges that are no oracles (of oracles where there are no others). */
  good?: number[]
  bad?: number[]
  unscored?: number[]
  /** Steps on which two judges differ. */
  disputed?: number[]
  /** Mean of those verdicts as rewards (good 1, bad 0, or the score of a graded judge); null without one. */
  reward?: (number | null)[]
  /** Filters that kept it, by their number, as bits. */
  kept?: number[]
}

export interface TrajectoriesPage {
  /** Number of the first one's sample. */
  start: number
  trajectories: ViewerTrajectory[]
}

export interface ViewerTrajectory
  extends Omit<Trajectory, "schema" | "prompt" | "steps" | "status" | "actionFormat" | "seed" | "usage">,
    Partial<Pick<Trajectory, "actionFormat" | "seed" | "usage">> {
  key: string
  /** Number in `groups`. */
  group: number
  status: (typeof trajectoryStatuses)[number]
  /** Answers that count as right; absent where they are not known. */
  reference?: string[]
  prompt: ShownMessage[]
  steps: ViewerStep[]
  /** Its score, where it was evaluated. */
  sample?: Pick<EvalSample, "status" | "primaryMetric" | "metrics" | "temperature" | "error" | "leak">
  /** What is known of a trajectory that another tool has made. */
  imported?: Pick<
    ImportedRecord,
    "format" | "source" | "producer" | "models" | "license" | "limit" | "retries" | "lost"
  >
  /** Scores that another tool gave, under its scorers' names. */
  foreignScores?: ForeignScore[]
}

/** A turn of the conversation as the model was shown it, before its chat template. */
export interface ShownMessage {
  role: "system" | "user" | "assistant" | "tool"
  text: string
  /** Calls of the model's own tool calling. */
  calls?: { tool: string; input: unknown }[]
  /** Thoughts that were shown again. */
  thoughts?: string[]
}

export interface ViewerStep
  extends Pick<Step, "index" | "kind" | "text" | "answer" | "malformed" | "observation" | "finishReason"> {
  /** What the model thought before it. */
  thoughts?: string[]
  call?: { tool: string; input: unknown; query: string }
  /** Calls of a turn that could not be read, as they were written. */
  unreadCalls?: { tool: string; input: string }[]
  /**
   * What entered the conversation by this step: the model's turn as it stands in it from then on, and what answered it. The
   * prompt of step k, as the model saw it, is `prompt` and `entered` of every step before. Absent where the action format is
   * not loaded: then it cannot be said.
   */
  entered?: ShownMessage[]
  verdicts: ViewerVerdict[]
  /** Ids of what entered the context before the turn, and of the turn. */
  contextTokenIds?: number[]
  tokenIds?: number[]
  /** One an id of the turn, natural logarithm, four decimals. */
  logProbabilities?: number[]
  /** How the turn stands before later ones, where not as sampled: without the last `dropped` ids before it. */
  shown?: Step["shown"]
}

export interface ViewerVerdict {
  /** Number in `judges`. */
  judge: number
  verdict: "good" | "bad" | "unscored"
  /** Of graded judges, in [0, 1]. */
  score?: number
  reason: string
}

/** Texts of one policy's token ids, by columns of one length. An id that is not there is shown as a number. */
export interface TokensPage {
  policy: string
  ids: number[]
  texts: string[]
}
