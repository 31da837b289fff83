/** One trajectory of an export, with all that is on record of it. */
import type { FunctionTool, Metrics, Prompt, Trajectory, VerdictRecord } from "@swirl-ts/core"

export type StepVerdict = Pick<VerdictRecord, "verdict" | "score" | "reason" | "judge" | "oracle">

export interface ExportItem {
  trajectory: Trajectory
  /** The conversation as the model saw it, its last turn included; without what was put into a turn of its own. */
  messages: Prompt
  /** Of each step, how many of the messages stand before it. */
  states: readonly number[]
  /** In step order; undefined where the judge gave none. */
  verdicts: readonly (StepVerdict | undefined)[]
  /** Tools that were sent along with each request: those of the model's own tool calling. */
  requestTools: readonly FunctionTool[]
  /** Every tool of the benchmark; empty where it is not loaded. */
  tools: readonly FunctionTool[]
  /** Reference answers, the official one first; undefined where they are hidden, or were not asked for. */
  references?: readonly string[]
  /** The benchmark's own score of the answer; undefined where there is none, which is no 0. */
  score?: { primaryMetric: string; metrics: Metrics }
  license?: string
}
