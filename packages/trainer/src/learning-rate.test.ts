import { expect, it } from "vitest"
import { learningRateAt } from "./learning-rate.ts"

it("the learning rate rises linearly over the warm-up and stays", () => {
  const options = { learningRate: 1, warmup: 5 }
  expect([1, 2, 5, 6, 100].map((step) => learningRateAt(step, options))).toEqual([0.2, 0.4, 1, 1, 1])
  expect(learningRateAt(1, { learningRate: 2, warmup: 0 })).toBe(2)
})
