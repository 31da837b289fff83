import type { Step } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { goodShare } from "./good-share.ts"

const step = (kind: Step["kind"]) => ({ kind, text: "" }) as Step
const [call, answer, malformed] = [step("tool"), step("answer"), step("malformed")]

it("is the share of good steps among those that have a score", () => {
  expect(goodShare([call, call, answer], ["good", "bad", "unscored"])).toBe(0.5)
  expect(goodShare([call, answer], ["bad", "bad"])).toBe(0)
})

it("is absent where a judge calls none good and leaves some unscored, whatever is bad unasked", () => {
  expect(goodShare([call, malformed, answer], ["unscored", "bad", "unscored"])).toBeUndefined()
  // Rules and votes in conjunction, on questions without votes.
  expect(goodShare([call, answer], ["bad", "unscored"])).toBeUndefined()
  expect(goodShare([malformed], ["bad"])).toBe(0)
})
