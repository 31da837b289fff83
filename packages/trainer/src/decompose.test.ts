import { isSwirlError } from "@swirl-ts/core"
import { rollMany, toyEngine } from "@swirl-ts/testing"
import { describe, expect, it } from "vitest"
import { decompose, distinctStates } from "./decompose.ts"

const trajectories = await rollMany(toyEngine(), 30, 5)
const long = trajectories.find((trajectory) => trajectory.steps.length === 3)!

describe("decompose", () => {
  it("gives one state an action, each the ids of everything before it", () => {
    const parts = decompose(long)
    expect(parts.map((part) => part.step)).toEqual([0, 1, 2])
    const [a, b] = long.steps
    expect(parts[0]!.promptTokenIds).toEqual(a!.contextTokenIds)
    expect(parts[1]!.promptTokenIds).toEqual([...a!.contextTokenIds!, ...a!.tokenIds!, ...b!.contextTokenIds!])
    expect(parts[1]!.tokenIds).toEqual(b!.tokenIds)
    // Every later state continues an earlier one, and the last action is in no state.
    const last = parts[2]!
    expect(last.promptTokenIds.slice(0, parts[1]!.promptTokenIds.length)).toEqual(parts[1]!.promptTokenIds)
    const total = long.steps.reduce((sum, step) => sum + step.contextTokenIds!.length + step.tokenIds!.length, 0)
    expect(last.promptTokenIds.length + last.tokenIds.length).toBe(total)
  })

  it("leaves a thought that was taken off out of later states, and in its own action", () => {
    const [a, b] = long.steps
    const shown = { dropped: 1, tokenIds: [91, 92] }
    const [first, second] = decompose({ ...long, steps: [{ ...a!, shown }, b!] })
    expect(first).toMatchObject({ promptTokenIds: a!.contextTokenIds, tokenIds: a!.tokenIds })
    expect(second!.promptTokenIds).toEqual([...a!.contextTokenIds!.slice(0, -1), 91, 92, ...b!.contextTokenIds!])
  })

  it("says which model kept no token ids and what to do", () => {
    const { tokenIds: _, ...step } = long.steps[0]!
    const bare = { ...long, id: "t1", policy: "openai:gpt", steps: [step] }
    expect(() => decompose(bare)).toThrow(
      "Trajectory t1 has no token ids at step 0: its model, openai:gpt, does not return them.",
    )
    try {
      decompose(bare)
    } catch (error) {
      expect(isSwirlError(error)).toBe(true)
    }
  })
})

describe("distinctStates", () => {
  it("merges equal states of several trajectories and their weights", () => {
    const states = distinctStates(trajectories)
    const first = states.filter((state) => state.step === 0)
    expect(first).toHaveLength(3)
    expect(first.reduce((sum, state) => sum + state.occurrences, 0)).toBe(30)
    expect(new Set(states.map((state) => state.id)).size).toBe(states.length)
    expect(states.reduce((sum, state) => sum + state.weight, 0)).toBeCloseTo(1, 12)
  })

  it("weighs every trajectory the same, or every distinct state", () => {
    const one = trajectories.find((trajectory) => trajectory.steps.length === 1)!
    const three = { ...long, steps: long.steps }
    const pair = one.question === long.question ? 3 : 4
    const byTrajectory = distinctStates([one, three])
    expect(byTrajectory).toHaveLength(pair)
    expect(byTrajectory[0]!.weight).toBeCloseTo(pair === 4 ? 1 / 2 : 1 / 2 + 1 / 6, 12)
    expect(byTrajectory.at(-1)!.weight).toBeCloseTo(1 / 6, 12)
    for (const state of distinctStates([one, three], "state")) expect(state.weight).toBeCloseTo(1 / pair, 12)
  })
})
