import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { drawBatch } from "./draw-batch.ts"

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
