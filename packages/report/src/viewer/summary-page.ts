/** The first page: the run as a whole, what its samples come to, and where the other pages are. Its lists are numbered by their order. */
import type { FilterRecord, RecordedEndpoint, ToolUse, TrainingResultRecord } from "@swirl-ts/core"
import type { ReportCalibration, ReportMatrix, ReportTraining } from "../data.ts"
import type { Table } from "../tables/table.ts"

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
