/** Pages of samples: a row a sample, to browse, filter and sort. What one did step by step is on a page of trajectories. */

/** What the codes of `status`, `scoreStatus` and `finish` are places in. */
export const trajectoryStatuses = ["answered", "step-limit", "token-limit", "error", "no trajectory"] as const
export const scoreStatuses = ["scored", "unscored", "error", "limit", "not scored yet", "not evaluated"] as const
export const finishReasons = ["stop", "length", "error", "other", "no step"] as const

/** Columns of one length, a row a sample. A column of nulls alone, or of zeros where it counts, is absent. */
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
