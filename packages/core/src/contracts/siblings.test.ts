import fc from "fast-check"
import { expect, test } from "vitest"
import type { Step, Trajectory } from "../records/records.ts"
import { siblingOf, siblingSet } from "./siblings.ts"

type Said = Pick<Trajectory, "answer" | "steps" | "status">

const call = (index: number, query: string, text: string, rest: object = {}): Step => ({
  index,
  kind: "tool",
  text: `<c>${query}</c>`,
  call: { tool: "calculator", input: { expression: query }, query },
  observation: { text, isError: false, ...rest },
  tokenIds: [1, 2],
  logProbabilities: [-1, -2],
  finishReason: "stop",
})
const made = (answer: string | undefined, ...steps: Step[]): Said => ({ answer, steps, status: "answered" })

test("a sibling is an answer and results, and nothing else of its trajectory", () => {
  const steps = [
    call(0, "1 +", "error: it ends", { isError: true }),
    call(1, "1 + 1", "2.0"),
    call(2, "?", "No passage.", { nothingFound: true }),
  ]
  const whole = { ...made("2", ...steps), id: "t", epoch: 3, seed: 7, policy: "p", reference: "2" }
  expect(siblingOf(whole)).toEqual({
    answer: "2",
    results: [{ tool: "calculator", input: { expression: "1 + 1" }, text: "2.0" }],
  })
})

const said = fc
  .record({ answer: fc.option(fc.string(), { nil: undefined }), results: fc.array(fc.string(), { maxLength: 3 }) })
  .map(({ answer, results }) => made(answer, ...results.map((text, index) => call(index, text, text))))

test("a set and its digest have no order, and follow from what was said", () => {
  fc.assert(
    fc.property(fc.array(said, { maxLength: 6 }), fc.integer(), (all, seed) => {
      const shuffled = [...all].sort((a, b) => (seed % 2 ? 1 : -1) * JSON.stringify(a).localeCompare(JSON.stringify(b)))
      expect(siblingSet(shuffled)).toEqual(siblingSet(all))
      expect(siblingSet([...all, made("one more")]).digest).not.toBe(siblingSet(all).digest)
    }),
  )
})

test("what an error ended says nothing", () => {
  expect(siblingSet([made("2"), { ...made("3"), status: "error" }])).toEqual(siblingSet([made("2")]))
})
