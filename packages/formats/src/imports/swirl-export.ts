/** What swirl's own exports say of a step and of a trajectory, in the fields that a format leaves to its writers. */
import type { Step, Trajectory } from "@swirl-ts/core"
import type { RecordedTurn } from "./conversation.ts"
import { type Fields, fieldsOf, textOf } from "./fields.ts"

const kinds: readonly Step["kind"][] = ["tool", "answer", "malformed"]
const reasons: readonly Step["finishReason"][] = ["stop", "length", "error", "other"]
const statuses: readonly Trajectory["status"][] = ["answered", "step-limit", "token-limit", "error"]

/** Undefined where the file is not of swirl's making. */
export function recordedTurn(facts: unknown): RecordedTurn | undefined {
  const { kind, query, malformed, answer, finish_reason: finishReason } = fieldsOf(facts)
  const found = kinds.find((each) => each === kind)
  if (!found) return undefined
  return {
    kind: found,
    query: textOf(query),
    malformed: textOf(malformed),
    answer: textOf(answer),
    finishReason: reasons.find((each) => each === finishReason) ?? "stop",
  }
}

export interface RecordedEnd {
  actionFormat?: string
  status?: Trajectory["status"]
  answer?: string
}

/** `facts`: of the trajectory. */
export function recordedEnd(facts: Fields): RecordedEnd {
  const actionFormat = textOf(facts.action_format)
  if (actionFormat === undefined) return {}
  return { actionFormat, status: statuses.find((each) => each === facts.status), answer: textOf(facts.answer) }
}
