/** Pages of trajectories: everything that is on record of each sample, as it is shown. */
import type { EvalSample, ForeignScore, ImportedRecord, Step, Trajectory } from "@swirl-ts/core"
import type { trajectoryStatuses } from "./samples-page.ts"

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
