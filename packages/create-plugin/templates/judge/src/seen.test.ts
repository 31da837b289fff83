import { type Action, type JudgeInput, type JudgeStep, userMessage } from "@swirl-ts/core"
import { testJudge } from "@swirl-ts/testing"
import { myPlugin } from "./plugin.ts"

const call = (query: string): Action => ({ kind: "tool", tool: "search", input: { query }, query })
const answer = (text: string): Action => ({ kind: "answer", answer: text })
const step = (query: string, result: string): JudgeStep => ({
  text: query,
  action: call(query),
  observation: { text: result, isError: false },
})
const after = (conversation: JudgeStep[], action: Action): JudgeInput => ({
  prompt: [userMessage("Where was Ada born?")],
  conversation,
  action: { text: "", action },
})

const searched = [step("Ada", "Ada was born in London.")]

testJudge(myPlugin().judges.seen, {
  name: "seen",
  good: [after([], call("Ada")), after(searched, call("London")), after(searched, answer("London"))],
  bad: [after(searched, call("Ada")), after(searched, answer("Paris"))],
})
