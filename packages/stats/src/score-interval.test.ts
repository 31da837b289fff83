import fc from "fast-check"
import { expect, test } from "vitest"
import { clusteredMeanInterval } from "./mean-interval.ts"
import { scoreInterval, unseenShare } from "./score-interval.ts"
import { wilsonInterval } from "./wilson.ts"

const names = (scores: readonly unknown[]): number[] => [...scores.keys()]

test("right and wrong answers have Wilson's interval, of questions: asking them again with the same result moves nothing", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (scores, epochs) => {
        const right = scores.filter((score) => score === 1).length
        const again = scoreInterval(
          scores.flatMap((score) => new Array<number>(epochs).fill(score)),
          scores.flatMap((_, index) => new Array<number>(epochs).fill(index)),
        )
        expect(again).toMatchObject({ method: "wilson", n: scores.length * epochs, questions: scores.length })
        const [low, high] = wilsonInterval(right, scores.length)
        expect(again.ci[0]).toBeCloseTo(low, 12)
        expect(again.ci[1]).toBeCloseTo(high, 12)
      },
    ),
  )
})

test("shares have a t interval over questions, not Wilson's of a rounded sum", () => {
  const scores = [0.2, 0.5, 1, 0, 0.8, 0.4, 0.6, 0.3, 0.7, 0.5]
  const { ci, method } = scoreInterval(scores, names(scores))
  // scipy.stats.t.interval(0.95, 9, 0.5, sem(scores))
  expect(method).toBe("clustered-t")
  expect(ci[0]).toBeCloseTo(0.2894046291, 9)
  expect(ci[1]).toBeCloseTo(0.7105953709, 9)
})

test("a sample without spread is no certainty: what none of n questions shows may hold for 1 - .025 ^ (1 / n) of all", () => {
  expect(unseenShare(20)).toBeCloseTo(1 - 0.025 ** (1 / 20), 12)
  const { ci } = scoreInterval(new Array<number>(20).fill(0.5), names(new Array(20).fill(0)))
  expect(ci).toEqual([expect.closeTo(0.5 * 0.025 ** (1 / 20), 9), expect.closeTo(1 - 0.5 * 0.025 ** (1 / 20), 9)])
  // One wrong sample of 200 says no more than none.
  const nearly = Array.from({ length: 200 }, (_, index) => (index === 0 ? 0 : 1))
  const questions = nearly.map((_, index) => Math.floor(index / 8))
  expect(scoreInterval(nearly, questions).ci[0]).toBeLessThan(wilsonInterval(25, 25)[0])
  expect(clusteredMeanInterval(nearly, questions).ci[0]).toBeGreaterThan(0.98)
  expect(scoreInterval([0.5], ["alone"]).ci).toEqual([expect.closeTo(0.0125, 9), expect.closeTo(0.9875, 9)])
})

test("the interval holds the mean and lies in the range of the scores", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(8)), { minLength: 1 }),
      (items) => {
        const { value, ci } = scoreInterval(
          items.map(([score]) => score),
          items.map(([, question]) => question),
        )
        expect(ci[0]).toBeGreaterThanOrEqual(0)
        expect(ci[0]).toBeLessThanOrEqual(value)
        expect(ci[1]).toBeGreaterThanOrEqual(value)
        expect(ci[1]).toBeLessThanOrEqual(1)
      },
    ),
  )
})

test("scores outside [0, 1] have the t interval, which is cut at no end that nobody knows", () => {
  const rewards = [2, 1.5, 0, 2, 2, 0, 1, 2]
  const { value, ci, method } = scoreInterval(rewards, names(rewards))
  expect([value, method]).toEqual([1.3125, "clustered-t"])
  // scipy.stats.t.interval(0.95, 7, 1.3125, sem(rewards)), whose upper end lies above all that was seen.
  expect(ci[0]).toBeCloseTo(0.5735549213772551, 9)
  expect(ci[1]).toBeCloseTo(2.051445078622745, 9)
})
