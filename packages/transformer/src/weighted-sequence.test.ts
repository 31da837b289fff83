import { describe, expect, it } from "vitest"
import { stateActionsOf } from "./weighted-sequence.ts"

describe("a whole sequence", () => {
  it("is a state up to its first trained token, and one action in which untrained tokens have no weight", () => {
    expect(stateActionsOf({ tokenIds: [7, 8, 9, 5, 6], coefficients: [0, 0, 1, 0, 0.5] })).toEqual({
      state: [7, 8],
      actions: [{ tokenIds: [9, 5, 6], coefficients: [1, 0, 0.5], count: [1, 0, 1] }],
    })
  })

  it("is all state where nothing is trained", () => {
    expect(stateActionsOf({ tokenIds: [7, 8], coefficients: new Float32Array(2) })).toEqual({
      state: [7, 8],
      actions: [{ tokenIds: [], coefficients: [], count: [] }],
    })
  })

  it("is refused where its first token is trained, or tokens and coefficients differ in number", () => {
    expect(() => stateActionsOf({ tokenIds: [7, 8], coefficients: [1, 1] })).toThrow("nothing comes before it")
    expect(() => stateActionsOf({ tokenIds: [7, 8], coefficients: [0] })).toThrow("2 tokens and 1 coefficients")
  })
})
