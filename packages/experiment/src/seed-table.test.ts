import { twoWayMeanInterval } from "@swirl-ts/stats"
import fc from "fast-check"
import { expect, test } from "vitest"
import type { ExperimentCell } from "./cells.ts"
import type { SeedPairs } from "./measured.ts"
import { seedTable } from "./seed-table.ts"
import { seedsChange } from "./seeds-change.ts"

const cell = (name: string): ExperimentCell => ({ name, benchmark: `own/${name}`, split: "test", temperature: 0 })
const pairs = (values: readonly (readonly [before: number, after: number])[][]): SeedPairs[] =>
  values.map((questions, seed) => ({
    seed,
    questions: questions.map(([before, after], row) => ({ taskId: `test/${row}`, before, after })),
  }))

test("another question under one id is not the same, whatever seed it was asked with", () => {
  const asked = (hashes: string[]) =>
    hashes.map((questionHash, row) => ({ taskId: `test/${row}`, questionHash, before: 0, after: 1 }))
  const table = seedTable(cell("a"), [
    { seed: 1, questions: asked(["x", "y"]) },
    { seed: 2, questions: asked(["x", "changed"]) },
  ])
  expect(table!.differences).toEqual([[1], [1]])
  expect(
    seedTable(cell("a"), [
      { seed: 1, questions: asked(["x"]) },
      { seed: 2, questions: asked(["other"]) },
    ]),
  ).toBe(undefined)
  expect(seedTable(cell("a"), [])).toBe(undefined)
})

const score = fc.constantFrom(0, 0.5, 1)
const scores = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 6 })).chain(([seeds, questions]) =>
  fc.array(fc.array(fc.tuple(score, score), { minLength: questions, maxLength: questions }), {
    minLength: seeds,
    maxLength: seeds,
  }),
)

test("swapping the rows negates the change, mirrors its interval and keeps p; a second cell that is the same moves only the interval", () => {
  fc.assert(
    fc.property(scores, (values) => {
      const table = seedTable(cell("a"), pairs(values))!
      const change = seedsChange([table])
      const swapped = seedsChange([
        seedTable(cell("a"), pairs(values.map((row) => row.map(([before, after]) => [after, before]))))!,
      ])
      expect(swapped.value).toBeCloseTo(-change.value, 12)
      expect([swapped.ciMethod, swapped.p === undefined]).toEqual([change.ciMethod, change.p === undefined])
      if (change.p !== undefined) expect(swapped.p).toBeCloseTo(change.p, 9)
      if (change.ci) {
        expect(swapped.ci![0]).toBeCloseTo(-change.ci[1], 9)
        expect(change.ci[0]).toBeLessThanOrEqual(change.value)
      }
      if (change.ciMethod === "seeds-and-questions")
        expect(change.ci![1]).toBeCloseTo(Math.min(1, twoWayMeanInterval(table.differences).ci[1]), 12)
      const twice = seedsChange([table, { ...table, cell: cell("b") }])
      expect(twice.value).toBeCloseTo(change.value, 12)
      // The same questions at another temperature are no further sample; those of another split are.
      const again = seedsChange([table, { ...table, cell: { ...cell("a"), temperature: 1 } }])
      expect([again.questions, twice.questions]).toEqual([change.questions, 2 * change.questions])
      if (change.ci) expect(again.ci![0]).toBeCloseTo(change.ci[0], 9)
      if (change.ciMethod === "seeds-t" && change.p !== undefined) expect(twice.p).toBeCloseTo(change.p, 9)
    }),
  )
})

test("over two seeds the interval ends where no change can be, and where scores have no bounds it does not end", () => {
  const of = (first: number, second: number, before = 0) =>
    seedsChange([seedTable(cell("a"), pairs([[[before, first]], [[before, second]]]))!])
  expect(of(1, 0)).toMatchObject({ value: 0.5, ci: [-1, 1], ciMethod: "seeds-t" })
  expect(of(0.5, 0.4).ci![1]).toBe(1)
  expect(of(3, 0).ci![1]).toBeGreaterThan(3)
})
