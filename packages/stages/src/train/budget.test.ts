import type { Trajectory } from "@swirl-ts/core"
import { trajectory } from "@swirl-ts/test-support"
import fc from "fast-check"
import { expect, test } from "vitest"
import { usedBy, withinBudget } from "./budget.ts"

const ofSteps = (steps: readonly number[]): Trajectory[] =>
  steps.map((count, index) => ({
    ...trajectory(`t${index}`, `which ${index} ?`, [["=1"]]),
    steps: Array.from({ length: count }, () => trajectory("t", "q", [["=1"]]).steps[0]!),
  }))
const stepCounts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 30 })
const ids = (some: readonly Trajectory[]): string[] => some.map(({ id }) => id)

test("no budget is ever passed, and no more is left out than it asks for", () => {
  fc.assert(
    fc.property(stepCounts, fc.integer({ min: 6, max: 200 }), fc.nat(), (steps, most, seed) => {
      const kept = ofSteps(steps)
      const all = usedBy(kept)
      expect(usedBy(withinBudget(kept, { trajectories: most }, seed)).trajectories).toBe(
        Math.min(most, all.trajectories),
      )
      const { states } = usedBy(withinBudget(kept, { states: most }, seed))
      expect(states).toBeLessThanOrEqual(most)
      // The first that does not fit has six states at most.
      expect(states).toBeGreaterThan(Math.min(most, all.states + 6) - 7)
      if (most >= all.states) expect(states).toBe(all.states)
    }),
  )
})

test("which are taken follows from seed and ids alone; they keep their order, and a larger budget takes more of the same", () => {
  const kept = ofSteps([1, 2, 3, 2, 1, 4, 2, 2, 1, 3])
  const taken = withinBudget(kept, { trajectories: 4 }, 1)
  expect(ids(kept).filter((id) => ids(taken).includes(id))).toEqual(ids(taken))
  expect(ids(withinBudget([...kept].reverse(), { trajectories: 4 }, 1)).reverse()).toEqual(ids(taken))
  expect(ids(withinBudget(kept, { trajectories: 6 }, 1))).toEqual(expect.arrayContaining(ids(taken)))
  const fewer = kept.filter(({ id }) => id !== ids(kept).find((each) => !ids(taken).includes(each)))
  expect(ids(withinBudget(fewer, { trajectories: 4 }, 1))).toEqual(ids(taken))
  const seeds = [1, 2, 3, 4, 5].map((seed) => ids(withinBudget(kept, { trajectories: 4 }, seed)).join())
  expect(new Set(seeds).size).toBeGreaterThan(1)
})

test("a budget that not one trajectory fits into is refused", () => {
  expect(() => withinBudget(ofSteps([4, 5]), { states: 3 }, 1)).toThrow(
    "3 states are fewer than the first trajectory drawn has (",
  )
})
