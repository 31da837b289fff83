import { type Action, random } from "@swirl-ts/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { clean, demonstrate, impatientMixture, impatientPersona, persona, type Respond } from "./demonstration.ts"
import { sandboxTask } from "./generate.ts"
import { planVerdict } from "./plan-judge.ts"
import { relations } from "./relations.ts"
import { isRight } from "./score.ts"
import { names } from "./words.ts"
import { world } from "./world.ts"

/** An environment as simple as can be: whole numbers, and the passage of the first name and relation of a query. */
const respond: Respond = (task, action: Action) => {
  if (action.kind !== "tool") return "error : bad call ."
  const words = action.query.split(" ")
  if (action.tool === "calculator") {
    const [left, operator, right] = [Number(words[0]), words[1], Number(words[2])]
    const value = { "+": left + right, "-": left - right, "*": left * right, "/": left / right }[operator!]
    return `${action.query} -> ${value}`
  }
  const place = world(task.world!)
  const name = words.find((word) => names.has(word))
  const fact = place.facts.find(({ subject, relation }) => subject === name && words.includes(relation))
  return `${action.query} -> ${fact ? relations[fact.relation].passage(fact.subject, fact.object) : "nothing"}`
}
const anyTask = fc
  .tuple(fc.constantFrom("calc" as const, "lookup" as const, "mixed" as const), fc.nat(100_000))
  .map(([domain, index]) => sandboxTask(domain, "demonstration", index))

describe("demonstrations", () => {
  it("are right at every step when clean, and think before they act", async () => {
    await fc.assert(
      fc.asyncProperty(anyTask, async (task) => {
        const { steps } = await demonstrate(task, random(1), clean, respond)
        expect(steps).toHaveLength(task.plan.length + 1)
        for (const [index, { turn, action }] of steps.entries()) {
          const before = steps.slice(0, index).map((step) => step.action)
          expect(planVerdict(task, before, action).verdict).toBe("good")
          expect(turn.startsWith(action.kind === "answer" ? " so " : " next ")).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it("show what their habits are, and stay within the benchmark's number of steps", async () => {
    for (const [manner, least, most] of [
      [persona, 0.5, 0.8],
      [impatientPersona, 0.1, 0.4],
      [impatientMixture, 0.1, 0.4],
    ] as const) {
      let right = 0
      let malformed = 0
      for (let index = 0; index < 300; index++) {
        const task = sandboxTask("calc", "demonstration", index)
        const { steps } = await demonstrate(task, random(index), manner, respond)
        const last = steps.at(-1)!.action
        right += last.kind === "answer" && isRight(task.answer, last.answer) ? 1 : 0
        malformed += steps.filter((step) => step.action.kind === "malformed").length
        expect(steps.length).toBeLessThanOrEqual(7)
      }
      expect(right / 300).toBeGreaterThan(least)
      expect(right / 300).toBeLessThan(most)
      expect(malformed).toBeGreaterThan(5)
    }
  })
})
