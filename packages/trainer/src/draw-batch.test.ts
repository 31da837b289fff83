import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { drawBatch, drawTrajectories } from "./draw-batch.ts"

const uniform = (count: number) => Array.from({ length: count }, () => 1 / count)
const counts = (drawn: readonly number[], size: number) => {
  const result = new Array<number>(size).fill(0)
  for (const index of drawn) result[index]! += 1
  return result
}

describe("drawBatch", () => {
  it("is a function of seed and iteration alone", () => {
    const weights = uniform(100)
    const later = drawBatch(weights, 16, 7, 23)
    for (let iteration = 0; iteration < 23; iteration++) drawBatch(weights, 16, 7, iteration)
    expect(drawBatch(weights, 16, 7, 23)).toEqual(later)
    expect(drawBatch(weights, 16, 8, 23)).not.toEqual(later)
    expect(drawBatch(weights, 16, 7, 24)).not.toEqual(later)
  })

  it("takes every item once an epoch where weights are equal and the batches come out even", () => {
    const epoch = [0, 1, 2, 3].flatMap((iteration) => drawBatch(uniform(64), 16, 1, iteration))
    expect(counts(epoch, 64)).toEqual(new Array(64).fill(1))
  })

  it("draws each item floor or ceiling of its expected number of times an epoch", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer(),
        (raw, size, seed) => {
          const total = raw.reduce((sum, weight) => sum + weight, 0)
          const weights = raw.map((weight) => weight / total)
          const batches = Math.max(1, Math.ceil(raw.length / size))
          const drawn = Array.from({ length: batches }, (_, iteration) => drawBatch(weights, size, seed, iteration))
          for (const batch of drawn) expect(batch).toHaveLength(size)
          counts(drawn.flat(), raw.length).forEach((count, index) => {
            const expected = weights[index]! * batches * size
            expect(count).toBeGreaterThanOrEqual(Math.floor(expected - 1e-9))
            expect(count).toBeLessThanOrEqual(Math.ceil(expected + 1e-9))
          })
        },
      ),
    )
  })

  it("fills a batch larger than the pool", () => {
    expect(counts(drawBatch(uniform(3), 9, 1, 5), 3)).toEqual([3, 3, 3])
  })
})

describe("drawTrajectories", () => {
  const trajectories = Array.from({ length: 10 }, (_, t) => ({
    weight: 0.1,
    states: [0, 1, 2, 3, 4].map((s) => 10 * t + s),
  }))

  it("takes so many different states of every trajectory drawn, in order, as a function of seed and iteration", () => {
    const drawn = drawTrajectories(trajectories, { size: 9, each: 4, seed: 3, iteration: 2 })
    expect(drawn).toHaveLength(8)
    const runs = [drawn.slice(0, 4), drawn.slice(4)]
    for (const run of runs) {
      expect(new Set(run.map((state) => Math.floor(state / 10))).size).toBe(1)
      expect(run).toEqual([...new Set(run)].sort((a, b) => a - b))
    }
    expect(drawTrajectories(trajectories, { size: 9, each: 4, seed: 3, iteration: 2 })).toEqual(drawn)
    expect(drawTrajectories(trajectories, { size: 9, each: 4, seed: 3, iteration: 3 })).not.toEqual(drawn)
  })

  it("takes all states of a trajectory that has fewer, and every state comes up as often as its trajectory", () => {
    const few = [{ weight: 1, states: [7, 8] }]
    expect(drawTrajectories(few, { size: 8, each: 8, seed: 1, iteration: 0 })).toEqual([7, 8])
    const epoch = [0, 1, 2, 3, 4].flatMap((iteration) =>
      drawTrajectories(trajectories, { size: 10, each: 5, seed: 1, iteration }),
    )
    expect([...epoch].sort((a, b) => a - b)).toEqual(trajectories.flatMap(({ states }) => states))
  })
})
