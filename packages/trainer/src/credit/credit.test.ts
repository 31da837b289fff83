import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { leaveOneOutAdvantages } from "../advantages.ts"
import type { Row } from "../row.ts"
import { type CreditAssigner, rewardsToCome } from "./credit.ts"
import { equalStates } from "./equal-states.ts"
import { informationGain } from "./information-gain.ts"
import { judgedStates } from "./judged-states.ts"
import { outcomes } from "./outcomes.ts"
import { preferences, preferenceValues } from "./preferences.ts"
import { turnsAndOutcome } from "./turns-and-outcome.ts"

const row = (given: Partial<Row>): Row => ({
  stateId: `${given.questionId ?? "q"} ${given.step ?? 0}`,
  questionId: "q",
  step: 0,
  kind: "tool",
  promptTokenIds: [],
  tokenIds: [1],
  logProbabilities: [-1],
  initialLogProbabilities: [-1],
  ...given,
})

/** Episodes of two questions, of one to three steps. */
const batch = fc
  .array(
    fc.record({
      question: fc.constantFrom("p", "q"),
      outcome: fc.option(fc.constantFrom(0, 0.25, 1), { nil: undefined }),
      scores: fc.array(fc.option(fc.constantFrom(0, 0.5, 1), { nil: undefined }), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 8 },
  )
  .map((episodes) =>
    episodes.flatMap(({ question, outcome, scores }, index) =>
      scores.map((score, step) =>
        row({
          questionId: question,
          stateId: `${question} ${step}`,
          episodeId: String(index),
          step,
          score,
          outcome,
          gain: score,
        }),
      ),
    ),
  )

const mt = { turnWeight: 1, outcomeWeight: 1 }
const assigners: Record<string, (normalise: "none" | "standard-deviation") => CreditAssigner> = {
  "judged states": judgedStates,
  outcomes,
  "equal states": (normalise) => equalStates({ normalise, stateWeight: 1, discount: 1 }),
  "turns and outcome": (normalise) => turnsAndOutcome({ normalise, ...mt }),
  preferences: () => preferences(0.1),
}

describe.each(Object.entries(assigners))("the credit of %s", (name, assigner) => {
  it("is a pure function that gives one a row, nothing for equal rewards and nothing for what is unscored", () => {
    fc.assert(
      fc.property(batch, fc.constantFrom("none", "standard-deviation" as const), (rows, normalise) => {
        const assign = assigner(normalise)
        const before = structuredClone(rows)
        const advantages = assign(rows)
        expect(rows).toEqual(before)
        expect(advantages).toHaveLength(rows.length)
        expect(assign(rows)).toEqual(advantages)
        for (const advantage of assign(rows.map((each) => ({ ...each, score: 0.3, outcome: 0.7 }))))
          expect(advantage ?? 0).toBe(0)
        for (const advantage of assign(rows.map((each) => ({ ...each, score: undefined, outcome: undefined }))))
          expect(advantage).toBeUndefined()
      }),
    )
  })

  it("does not change with a constant added to every reward", () => {
    fc.assert(
      fc.property(batch, (rows) => {
        const shifted = rows.map((each) => ({
          ...each,
          score: each.score === undefined ? undefined : each.score + 0.5,
          outcome: each.outcome === undefined ? undefined : each.outcome + 0.5,
        }))
        const [before, after] = [assigner("none")(rows), assigner("none")(shifted)]
        before.forEach((advantage, index) => {
          if (advantage === undefined) expect(after[index], name).toBeUndefined()
          else expect(after[index], name).toBeCloseTo(advantage, 9)
        })
      }),
    )
  })
})

describe("leave one out", () => {
  it("is unbiased where samples are unscored: over every outcome of four samples it is the gradient itself", () => {
    const policy = [0.5, 0.3, 0.2]
    const rewards = [1, 0.2, 0.7]
    const value = rewards.reduce((sum, reward, a) => sum + policy[a]! * reward, 0)
    const truth = policy.map((p, a) => p * (rewards[a]! - value))
    const n = 4
    for (let scored = 0; scored < 2 ** n; scored++) {
      const count = [...Array(n).keys()].filter((i) => scored & (1 << i)).length
      if (count < 2) continue
      const gradient = [0, 0, 0]
      for (let code = 0; code < 3 ** n; code++) {
        const actions = [...Array(n).keys()].map((i) => Math.floor(code / 3 ** i) % 3)
        const probability = actions.reduce((product, action) => product * policy[action]!, 1)
        const given = actions.map((action, i) => (scored & (1 << i) ? rewards[action] : undefined))
        leaveOneOutAdvantages(given).forEach((advantage, i) => {
          if (advantage === undefined) return
          policy.forEach((p, a) => {
            gradient[a]! += (probability * advantage * ((actions[i] === a ? 1 : 0) - p)) / count
          })
        })
      }
      gradient.forEach((component, a) => {
        expect(component).toBeCloseTo(truth[a]!, 12)
      })
    }
  })
})

describe("outcomes", () => {
  it("credit every step of an episode alike, and leave out questions whose episodes all score the same", () => {
    const rows = [
      row({ episodeId: "a", step: 0, outcome: 1 }),
      row({ episodeId: "a", step: 1, outcome: 1 }),
      row({ episodeId: "b", outcome: 0 }),
      row({ episodeId: "c", outcome: undefined }),
      row({ questionId: "r", episodeId: "d", outcome: 1 }),
      row({ questionId: "r", episodeId: "e", outcome: 1 }),
    ]
    expect(outcomes("none")(rows)).toEqual([1, 1, -1, undefined, undefined, undefined])
  })
})

describe("equal states", () => {
  it("add what followed from a state that episodes share, discounted by the steps to come", () => {
    const of = (episodeId: string, step: number, stateId: string, outcome: number) =>
      row({ episodeId, step, stateId, outcome })
    const rows = [of("a", 0, "s", 1), of("a", 1, "t", 1), of("b", 0, "s", 1), of("c", 0, "s", 0)]
    // Outcomes 1, 1, 0: .5, .5, −1. From s followed .5 (a step later), 1 and 0; t is a's alone.
    expect(equalStates({ normalise: "none", stateWeight: 2, discount: 0.5 })(rows)).toEqual([0.5, 0.5, 0.5 + 1.5, -2.5])
    expect(equalStates({ normalise: "none", stateWeight: 0, discount: 0.5 })(rows)).toEqual([0.5, 0.5, 0.5, -1])
  })
})

describe("information gain", () => {
  it("credits a step with its gain and all that came after, the last with the outcome, against other episodes", () => {
    const of = (episodeId: string, step: number, gain: number | undefined, outcome: number) =>
      row({ episodeId, step, gain, outcome })
    const rows = [of("a", 0, 0.25, 1), of("a", 1, undefined, 1), of("b", 0, -0.25, 0), of("b", 1, undefined, 0)]
    expect(informationGain({ normalise: "none", discount: 1 })(rows)).toEqual([1.5, 1, -1.5, -1])
    expect(informationGain({ normalise: "none", discount: 0 })(rows)).toEqual([0.5, 1, -0.5, -1])
  })

  it("leaves out what an unknown gain is ahead of", () => {
    expect(rewardsToCome([1, undefined, 2], 1)).toEqual([undefined, undefined, 2])
  })
})

describe("preferences", () => {
  it("are the gradient of the loss of DPO, by finite differences in log π of each action", () => {
    const beta = 0.7
    const given = [
      { score: 1, logProbabilities: [-1, -2], initialLogProbabilities: [-1.5, -2] },
      { score: 0, logProbabilities: [-0.5], initialLogProbabilities: [-0.25] },
      { score: 0.5, logProbabilities: [-3], initialLogProbabilities: [-2] },
      { score: undefined, logProbabilities: [-1], initialLogProbabilities: [-1] },
    ]
    const rows = given.map((each) => row({ stateId: "s", ...each }))
    preferences(beta)(rows).forEach((advantage, index) => {
      const moved = (by: number): number => {
        const changed = rows.map((each, at) =>
          at === index
            ? { ...each, logProbabilities: [each.logProbabilities[0]! + by, ...each.logProbabilities.slice(1)] }
            : each,
        )
        return preferenceValues(changed, beta).preferenceLoss!
      }
      // The loss of a row is −advantage · log π.
      expect(-advantage!).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 8)
    })
  })

  it("leave out a state where the judge prefers nothing", () => {
    const rows = [row({ stateId: "s", score: 1 }), row({ stateId: "s", score: 1 }), row({ stateId: "t", score: 0 })]
    expect(preferences(0.1)(rows)).toEqual([undefined, undefined, undefined])
    expect(preferenceValues(rows, 0.1)).toEqual({ preferenceLoss: null, preferenceAgreed: null })
  })
})
