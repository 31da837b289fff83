import type { FilterInput, Step, Trajectory, VerdictRecord } from "@swirl-ts/core"
import { testFilter } from "@swirl-ts/testing"
import { concise } from "./concise.ts"

const call = (result: string, isError = false): Omit<Step, "index"> => ({
  kind: "tool",
  text: "",
  call: { tool: "search", input: { query: result }, query: result },
  observation: { text: result, isError },
  finishReason: "stop",
})
const answer: Omit<Step, "index"> = { kind: "answer", text: "", answer: "London", finishReason: "stop" }

/** A trajectory of these steps, every one judged as `verdict`. */
function judged(steps: readonly Omit<Step, "index">[], verdict: VerdictRecord["verdict"] = "good"): FilterInput {
  const trajectory: Trajectory = {
    schema: "swirl.trajectory/1",
    id: "t1",
    taskId: "test/1",
    benchmark: "made-up/questions",
    split: "test",
    epoch: 0,
    seed: 1,
    policy: "made-up",
    actionFormat: "tags",
    question: "Where was Ada born?",
    prompt: [],
    steps: steps.map((step, index) => ({ ...step, index })),
    status: steps.at(-1)?.kind === "answer" ? "answered" : "step-limit",
    usage: { inputTokens: 0, outputTokens: 0 },
  }
  const verdictOf = (_: unknown, step: number): VerdictRecord => ({
    schema: "swirl.verdict/1",
    id: `v${step}`,
    trajectoryId: "t1",
    step,
    judge: "made-up",
    verdict,
    reason: "so it is",
  })
  return { trajectory, verdicts: steps.map(verdictOf) }
}

testFilter(concise, {
  name: "concise",
  kept: [judged([answer]), judged([call("Ada"), answer])],
  dropped: [
    judged([call("Ada")]),
    judged([call("Ada"), answer], "bad"),
    judged([call("Ada"), answer], "unscored"),
    judged([call("error: no such page", true), answer]),
    judged([...Array.from({ length: 6 }, (_, index) => call(`${index}`)), answer]),
  ],
})
