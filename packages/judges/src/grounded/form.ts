/**
 * A control, not a method: rewards form alone. Whatever can be read and was not done before is good, whether or not it
 * has anything to do with the question. What a policy gains under it is not knowledge.
 */
import type { Judge, JudgeInput, JudgeVerdict } from "@swirl-ts/core"
import { withNoise } from "../noise.ts"
import { callKey } from "./evidence.ts"
import { type GroundedOptions, readGrounded } from "./options.ts"

export function form(options: GroundedOptions): Judge {
  const { benchmark, seed, noise } = readGrounded("form", options)
  const judge: Judge = { identity: `judges/form/1 ${benchmark}`, judge: formVerdict }
  return noise === 0 ? judge : withNoise(judge, noise, seed)
}

function formVerdict({ conversation, action: { action } }: JudgeInput): JudgeVerdict {
  if (action.kind === "malformed") return { verdict: "bad", reason: `the action cannot be read: ${action.reason}` }
  if (action.kind === "answer") return { verdict: "good", reason: "an answer, whatever it says" }
  const key = (call: { tool: string; query: string }): string => callKey(call.tool, call.query, "search")
  const before = conversation.findIndex((step) => step.action.kind === "tool" && key(step.action) === key(action))
  if (before >= 0) return { verdict: "bad", reason: `the same call was already made in step ${before + 1}` }
  return { verdict: "good", reason: "a call that was not made before, whatever it asks" }
}
