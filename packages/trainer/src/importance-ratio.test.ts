import { toyContext } from "@swirl-ts/testing"
import fc from "fast-check"
import { expect, it } from "vitest"
import { judgedStates } from "./credit/judged-states.ts"
import { distinctStates } from "./decompose.ts"
import { sampleGroups } from "./groups.ts"
import { importanceRatios } from "./importance-ratio.ts"
import { SwirlOptionsSchema } from "./options.ts"
import { rowsOfGroups } from "./samplers/recorded-states.ts"
import { createTrainingBatch } from "./training-batch.ts"

it("is the quotient of the two probabilities, as far as its bound", () => {
  const sampled = [Math.log(0.5), Math.log(0.5), Math.log(0.01), Math.log(0.5)]
  const trained = [Math.log(0.5), Math.log(0.6), Math.log(0.5), Math.log(0.01)]
  const ratios = importanceRatios(sampled, trained, 2)
  expect(ratios).toEqual([1, expect.closeTo(1.2, 12), 2, 0.5])
})

it("makes the mean over what one policy samples that of the other, where no bound cuts", () => {
  const weights = fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(weights, weights, weights, (a, b, values) => {
      const share = (each: number[]) => each.map((value) => value / each.reduce((sum, other) => sum + other, 0))
      const [sampling, training] = [share(a), share(b)]
      const logs = (each: number[]) => each.map(Math.log)
      const ratios = importanceRatios(logs(sampling), logs(training), 1000)
      const mean = (of: number[], by = [1, 1, 1, 1]) => values.reduce((sum, v, i) => sum + of[i]! * by[i]! * v, 0)
      expect(mean(sampling, ratios)).toBeCloseTo(mean(training), 10)
    }),
  )
})

it("weighs the coefficients of actions that were sampled less likely than they are in training", async () => {
  const context = await toyContext("", {})
  const options = SwirlOptionsSchema.parse({ samples: 16, maxTokens: 6, beta: 0 })
  const states = distinctStates(context.trajectories, "trajectory").slice(0, 2)
  const groups = (await sampleGroups(context, states, 1, options)).map((group) => ({
    ...group,
    actions: group.actions.map((action) => ({
      ...action,
      logProbabilities: action.logProbabilities.map((value) => value - 0.3),
    })),
  }))
  const rows = rowsOfGroups(groups)
  const rowsOf = async (ratioClip?: number) =>
    (await createTrainingBatch(context, rows, judgedStates("none")(rows), { ...options, ratioClip })).rows
  const plain = (await rowsOf()).flatMap(({ coefficients }) => coefficients)
  expect(plain.some((value) => value !== 0)).toBe(true)
  const weighed = async (bound: number) => (await rowsOf(bound)).flatMap(({ coefficients }) => coefficients)
  for (const [bound, factor] of [
    [1.2, 1.2],
    [2, Math.exp(0.3)],
    [1, 1],
  ] as const)
    (await weighed(bound)).forEach((value, index) => {
      expect(value).toBeCloseTo(factor * plain[index]!, 6)
    })
})
