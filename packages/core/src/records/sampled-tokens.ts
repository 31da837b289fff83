/** Tokens that were sampled for a training, by its records: actions and episodes of its steps, first samples at states, episodes of rounds. */
import type { MetricRecord } from "./training-records.ts"

const kinds = ["sampledTokens", "episodeTokens", "candidateTokens", "roundTokens"] as const

export const sampledTokens = (records: readonly Pick<MetricRecord, "values">[]): number =>
  records.reduce((sum, { values }) => kinds.reduce((all, kind) => all + (values[kind] ?? 0), sum), 0)
