/** The KL penalty on a toy of three tokens and three steps, where every sequence can be listed. */
import { random } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { coefficients, type DistinctAction } from "./policy-loss.ts"

const end = 2
const longest = 3
/** Logits by the token before (3: none yet). */
const initial = [
  [0.2, -0.4, 0.1],
  [-0.3, 0.5, 0],
  [0, 0, 0],
  [0.6, 0.1, -0.5],
]
const live = [
  [0.9, -1, 0.4],
  [-0.1, 0.2, 0.7],
  [0, 0, 0],
  [-0.2, 0.5, 0.3],
]

function logSoftmax(logits: readonly number[]): number[] {
  const normaliser = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0))
  return logits.map((value) => value - normaliser)
}
const before = (ids: readonly number[], t: number): number => (t === 0 ? 3 : ids[t - 1]!)
const logsOf = (table: readonly number[][], ids: readonly number[]): number[] =>
  ids.map((token, t) => logSoftmax(table[before(ids, t)]!)[token]!)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function sequences(ids: number[] = []): number[][] {
  if (ids.at(-1) === end || ids.length === longest) return [ids]
  return [0, 1, 2].flatMap((token) => sequences([...ids, token]))
}

/** Σ over all sequences of π log(π/π_initial). */
const divergence = (table: readonly number[][]): number =>
  sum(
    sequences().map((ids) => Math.exp(sum(logsOf(table, ids))) * (sum(logsOf(table, ids)) - sum(logsOf(initial, ids)))),
  )

/** The enumerated gradient, by finite differences. */
const enumerated = live.map((logits, context) =>
  logits.map((_, token) => {
    const at = (by: number): number =>
      divergence(live.map((row, c) => row.map((value, t) => (c === context && t === token ? value + by : value))))
    return (at(1e-5) - at(-1e-5)) / 2e-5
  }),
)

/** ∇ of −(1/N) Σ coefficient · log π(token) for sequences drawn so often. */
function penaltyGradient(counts: ReadonlyMap<string, number>): number[][] {
  const gradient = live.map((logits) => logits.map(() => 0))
  const n = sum([...counts.values()])
  for (const [key, count] of counts) {
    const tokenIds = key.split(" ").map(Number)
    const action: DistinctAction = { tokenIds, logProbabilities: logsOf(live, tokenIds), advantage: 0, count }
    coefficients(action, { beta: 1, initialLogProbabilities: logsOf(initial, tokenIds) }).forEach((coefficient, t) => {
      const context = before(tokenIds, t)
      logSoftmax(live[context]!).forEach((log, token) => {
        gradient[context]![token]! -= (coefficient / n) * ((token === tokenIds[t] ? 1 : 0) - Math.exp(log))
      })
    })
  }
  return gradient
}

it("has the enumerated gradient of the KL in expectation", () => {
  const expected = penaltyGradient(new Map(sequences().map((ids) => [ids.join(" "), Math.exp(sum(logsOf(live, ids)))])))
  expected.flat().forEach((value, index) => {
    expect(value).toBeCloseTo(enumerated.flat()[index]!, 8)
  })
})

it("has it by Monte Carlo too, within the noise of so many samples", () => {
  const source = random(3)
  const counts = new Map<string, number>()
  const n = 200_000
  for (let sample = 0; sample < n; sample++) {
    const ids: number[] = []
    while (ids.length < longest && ids.at(-1) !== end) {
      const log = logSoftmax(live[before(ids, ids.length)]!)
      const uniform = source.next()
      ids.push(uniform < Math.exp(log[0]!) ? 0 : uniform < Math.exp(log[0]!) + Math.exp(log[1]!) ? 1 : 2)
    }
    counts.set(ids.join(" "), (counts.get(ids.join(" ")) ?? 0) + 1)
  }
  // A term is at most about 2 in size: five standard errors.
  penaltyGradient(counts)
    .flat()
    .forEach((value, index) => {
      expect(Math.abs(value - enumerated.flat()[index]!)).toBeLessThan(5 * (2 / Math.sqrt(n)))
    })
  expect(Math.max(...enumerated.flat().map(Math.abs))).toBeGreaterThan(0.1)
})
