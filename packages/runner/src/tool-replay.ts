/** Answers of tools out of a recording, where the tools themselves are not called. */
import { type Action, canonicalJson, type Observation, type Trajectory } from "@swirl-ts/core"

/** A call as it is asked again. */
export interface RecordedCall {
  benchmark: string
  split: string
  taskId: string
  epoch: number
  tool: string
  input: unknown
  /** So many calls of the same came before it in this trajectory. */
  before: number
}

export interface ToolReplay {
  /** Throws a sentence where nothing is recorded: the trajectory ends in an error, and is no wrong answer. */
  answer(call: RecordedCall): Observation
  readonly counts: { answered: number; missing: number }
}

export function recordedCall(
  { benchmark, split, taskId, epoch, steps }: Trajectory,
  { tool, input }: Extract<Action, { kind: "tool" }>,
): RecordedCall {
  const asked = canonicalJson([tool, input])
  // The last step is this call.
  const earlier = steps.slice(0, -1).filter(({ call }) => call && canonicalJson([call.tool, call.input]) === asked)
  return { benchmark, split, taskId, epoch, tool, input, before: earlier.length }
}
