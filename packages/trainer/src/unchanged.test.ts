/** `swirl` and `sft` as they were before they became a sampler and a credit assigner: weights and the last step's values, to the digit. */
import { temporaryFolder } from "@swirl-ts/test-support"
import { toyContext } from "@swirl-ts/testing"
import { expect, it } from "vitest"
import before from "../test/before-credit.json" with { type: "json" }
import { readMetrics } from "../test/read-metrics.ts"
import { trainer } from "./plugin.ts"

it.each(before)(
  "$algorithm ($options) moves the same weights to the same numbers",
  async ({ algorithm, options, projection, square, values }) => {
    const context = await toyContext(temporaryFolder(), options)
    await trainer().algorithms![algorithm as "swirl"].train(context)
    const { parameters } = context.engine
    const sum = (of: (value: number, index: number) => number): number =>
      parameters.reduce((total, value, index) => total + of(value, index), 0)
    expect(sum((value, index) => value * Math.sin(index))).toBeCloseTo(projection, 8)
    expect(sum((value) => value * value)).toBeCloseTo(square, 6)
    const { seconds: _, ...last } = (await readMetrics(context.directory)).at(-1)!.values
    expect(Object.keys(last)).toEqual(Object.keys(values))
    for (const [name, value] of Object.entries(values)) {
      if (value === null) expect(last[name], name).toBeNull()
      else expect(last[name], name).toBeCloseTo(value, 10)
    }
  },
)
