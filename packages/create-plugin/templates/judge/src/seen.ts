/**
 * A rule judge: a call is good when it was not made before, an answer when a tool has shown it. It sees prompt, conversation
 * and action, never the reference. Where it knows no rule the verdict is `unscored`, which is not the same as bad.
 */
import { canonicalJson, type Judge, type JudgeInput, type JudgeVerdict } from "@swirl-ts/core"

/** Goes up with every change that changes a verdict: records of other rules are never mixed with these. */
const RULES = 1

export const seen: Judge = {
  identity: `my-plugin/seen/${RULES}`,
  judge({ conversation, action: { action } }) {
    switch (action.kind) {
      case "tool":
        return callVerdict(action, conversation)
      case "answer":
        return answerVerdict(action.answer, conversation)
      case "malformed":
        return bad(`the action cannot be read: ${action.reason}`)
      default:
        return unscored("this judge knows no such action")
    }
  },
}

function callVerdict(call: { tool: string; input: unknown }, conversation: JudgeInput["conversation"]): JudgeVerdict {
  const key = callKey(call)
  const before = conversation.findIndex(({ action }) => action.kind === "tool" && callKey(action) === key)
  return before < 0 ? good("a new call") : bad(`the same call was already made in step ${before + 1}`)
}

const callKey = ({ tool, input }: { tool: string; input: unknown }): string => canonicalJson([tool, input])

function answerVerdict(answer: string, conversation: JudgeInput["conversation"]): JudgeVerdict {
  const text = answer.trim().toLowerCase()
  if (text === "") return bad("the answer is empty")
  const results = conversation.flatMap(({ observation }) => (observation?.isError === false ? [observation.text] : []))
  if (results.length === 0) return unscored("no tool has shown anything that the answer could be held to")
  return results.some((result) => result.toLowerCase().includes(text))
    ? good("a tool has shown the answer")
    : bad("no tool has shown the answer")
}

const good = (reason: string): JudgeVerdict => ({ verdict: "good", reason })
const bad = (reason: string): JudgeVerdict => ({ verdict: "bad", reason })
const unscored = (reason: string): JudgeVerdict => ({ verdict: "unscored", reason })
