import { expect, test } from "vitest"
import { meanMetrics } from "./metrics.ts"

test("a mean adds in order, unlike a compensated sum, and is over the samples that have the metric", () => {
  expect(meanMetrics(Array.from({ length: 10 }, () => ({ f1: 0.1 })))).toEqual({ f1: 0.09999999999999999 })
  expect(Object.entries(meanMetrics([{ em: 1 }, { f1: 0.5, em: 0 }, {}]))).toEqual([
    ["em", 0.5],
    ["f1", 0.5],
  ])
})
