import { expect, test } from "vitest"
import type { Step } from "../records/records.ts"
import { type GoldStep, goldStepRecall } from "./gold-step.ts"

const gold = (text: string, metric = "gold_step_recall"): GoldStep => ({
  metric,
  text,
  seenIn: (observation) => !observation.isError && observation.text.includes(text),
})
const call = (index: number, text: string, isError = false): Step => ({
  index,
  kind: "tool",
  text: "",
  call: { tool: "search", input: {}, query: "" },
  observation: { text, isError },
  finishReason: "stop",
})

test("counts each gold step once, by metric, in results of tools only", () => {
  const malformed: Step = {
    index: 3,
    kind: "malformed",
    text: "",
    observation: { text: "Rome", isError: false },
    finishReason: "stop",
  }
  const steps = [call(0, "Paris is here"), call(1, "Paris again"), call(2, "Berlin", true), malformed]
  const golds = [gold("Paris"), gold("Berlin"), gold("Rome"), gold("again", "gold_sentence_recall")]
  expect(goldStepRecall(golds, { steps })).toEqual({ gold_step_recall: 1 / 3, gold_sentence_recall: 1 })
  expect(goldStepRecall([], { steps })).toEqual({})
  expect(goldStepRecall(golds, { steps: [] })).toEqual({ gold_step_recall: 0, gold_sentence_recall: 0 })
})
