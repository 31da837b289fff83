import { describe, expect, it } from "vitest"
import type { Row } from "../row.ts"
import { turnAdvantages } from "./turns.ts"

/**
 * Two turns at states that differ: at the start `end` is over at once, `left` and `right` lead to states of their own, each
 * with two actions. Small enough to list every group of three episodes with its probability.
 */
const logits = { start: [0.3, -0.2, 0.5], left: [0.4, -0.6], right: [-0.3, 0.2] } as const
type State = keyof typeof logits
const scores: Record<State, readonly number[]> = { start: [0.4, 0.1, 0.6], left: [0, 1], right: [0.5, 0.6] }
const next: Record<number, State | undefined> = { 0: undefined, 1: "left", 2: "right" }

const softmax = (values: readonly number[]): number[] => {
  const powers = values.map(Math.exp)
  const total = powers.reduce((sum, value) => sum + value, 0)
  return powers.map((value) => value / total)
}
const policy = { start: softmax(logits.start), left: softmax(logits.left), right: softmax(logits.right) }
const offset: Record<State, number> = { start: 0, left: 3, right: 5 }

interface Turn {
  state: State
  action: number
}
const episodes: { turns: Turn[]; probability: number }[] = policy.start.flatMap((p, action) => {
  const state = next[action]
  const first = { state: "start" as const, action }
  if (!state) return [{ turns: [first], probability: p }]
  return policy[state].map((q, second) => ({ turns: [first, { state, action: second }], probability: p * q }))
})

/** Adds weight · ∇ log π(action | state). */
function add(gradient: number[], { state, action }: Turn, weight: number): void {
  policy[state].forEach((p, index) => {
    gradient[offset[state] + index]! += weight * ((index === action ? 1 : 0) - p)
  })
}
const zeros = () => new Array<number>(7).fill(0)

/** E Σ turns score · ∇ log π, an episode at a time. */
const truth = zeros()
for (const { turns, probability } of episodes)
  for (const turn of turns) add(truth, turn, probability * scores[turn.state][turn.action]!)

type Assign = (rows: readonly Row[]) => (number | undefined)[]

/** The expected gradient of a credit rule over groups of three episodes. */
function expected(assign: Assign): number[] {
  const gradient = zeros()
  for (const a of episodes)
    for (const b of episodes)
      for (const c of episodes) {
        const group = [a, b, c]
        const probability = a.probability * b.probability * c.probability
        const all = group.flatMap(({ turns }, episode) => turns.map((turn, step) => ({ turn, step, episode })))
        const rows = all.map(
          ({ turn, step, episode }): Row => ({
            stateId: turn.state,
            questionId: "q",
            episodeId: String(episode),
            step,
            kind: "tool",
            promptTokenIds: [],
            tokenIds: [turn.action],
            logProbabilities: [0],
            score: scores[turn.state][turn.action],
          }),
        )
        assign(rows).forEach((advantage, index) => {
          add(gradient, all[index]!.turn, ((advantage ?? 0) * probability) / 3)
        })
      }
  return gradient
}

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, index) => sum + value * y[index]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}
const scoreOf = ({ score }: Row) => score

/** The form of the papers: against the mean of all episodes at the turn index, the step's own in it, over their deviation. */
const byTurnIndex =
  (deviation: boolean): Assign =>
  (rows) =>
    rows.map((row) => {
      const same = rows.filter(({ step }) => step === row.step).map(({ score }) => score!)
      const mean = same.reduce((sum, value) => sum + value, 0) / same.length
      const spread = Math.sqrt(same.reduce((sum, value) => sum + (value - mean) ** 2, 0) / same.length)
      return (row.score! - mean) / (deviation ? spread + 1e-4 : 1)
    })

describe("the credit of turns", () => {
  it("has exactly the gradient of the turns' scores, though turns of one index are at states that differ", () => {
    expected((rows) => turnAdvantages(rows, scoreOf, "none")).forEach((value, index) => {
      expect(value).toBeCloseTo(truth[index]!, 12)
    })
  })

  it("shows that normalising by turn index does not: it points elsewhere", () => {
    const centred = expected(byTurnIndex(false))
    // By how many of the three reach a turn, later turns are shrunk more: a bias of direction, not of length.
    expect(cosine(centred, truth)).toBeLessThan(0.999)
    const normalised = expected(byTurnIndex(true))
    expect(cosine(normalised, truth)).toBeLessThan(0.97)
    const ours = expected((rows) => turnAdvantages(rows, scoreOf, "standard-deviation"))
    expect(cosine(ours, truth)).toBeLessThan(0.99)
  })

  it("leaves out a step without a value, and lets it be nobody's baseline", () => {
    const row = (episodeId: string, step: number, score?: number) =>
      ({ questionId: "q", episodeId, step, score }) as Row
    const rows = [row("a", 0, 1), row("a", 1), row("b", 0, 0.5), row("b", 1, 0.25), row("c", 0)]
    // b's second turn has no other of its index: against all of a's.
    expect(turnAdvantages(rows, scoreOf, "none")).toEqual([0.5, undefined, -0.5, -0.75, undefined])
  })
})
