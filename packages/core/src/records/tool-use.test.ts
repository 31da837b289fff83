import { expect, it } from "vitest"
import type { Step } from "./records.ts"
import { toolTally } from "./tool-use.ts"

const call = (tool: string, text?: string, isError = false): Step => ({
  index: 0,
  kind: "tool",
  text: "",
  call: { tool, input: {}, query: "" },
  observation: text === undefined ? undefined : { text, isError },
  finishReason: "stop",
})

it("counts calls and errors by tool, with the most frequent first lines of what was said", () => {
  const malformed: Step = { index: 0, kind: "malformed", text: "", finishReason: "stop" }
  const steps = [
    call("look", "found"),
    call("look", "error: no connection\nat a\nat b", true),
    // The last call of a trajectory at its limit was not run.
    call("look"),
    { ...malformed, observation: { text: "error: neither a call nor an answer", isError: true } },
    call("ask", "not an error: said so", true),
    call("look", "error: no connection", true),
  ]
  const tally = toolTally()
  for (const step of steps) tally.add({ steps: [step] })
  expect(Object.entries(tally.uses())).toEqual([
    ["ask", { calls: 1, errors: 1, reasons: { "not an error: said so": 1 } }],
    ["look", { calls: 4, errors: 2, reasons: { "no connection": 2 } }],
  ])
})

it("tells five reasons a tool, shortened, and the same ones whatever order they came in", () => {
  const steps = [1, 2, 3, 4, 5, 6, 7].flatMap((kind) =>
    Array.from({ length: kind % 3 }, () => call("look", `error: ${kind}${"x".repeat(300)}`, true)),
  )
  const uses = (all: readonly Step[]) => {
    const tally = toolTally()
    tally.add({ steps: [...all] })
    return JSON.stringify(tally.uses())
  }
  expect(uses(steps.toReversed())).toBe(uses(steps))
  const { reasons } = JSON.parse(uses(steps)).look
  expect(Object.keys(reasons).map((reason) => reason.slice(0, 2))).toEqual(["2x", "5x", "1x", "4x", "7x"])
  expect(Object.keys(reasons)[0]).toHaveLength(200)
})
