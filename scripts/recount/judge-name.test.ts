import { expect, test } from "vitest"
import { isOfJudge } from "./judge-name.ts"

const grounded = "judges/grounded/4 bench-gsm8k/gsm8k noise=0"
const both = `all of ${grounded} and judges/consensus/1 bench-gsm8k/gsm8k agree=3`

test("a verdict of judges in conjunction is none of one of them, nor the other way round", () => {
  expect(isOfJudge(grounded, "grounded")).toBe(true)
  expect(isOfJudge(both, "grounded+consensus")).toBe(true)
  for (const [identity, judge] of [
    [both, "grounded"],
    [grounded, "grounded+consensus"],
    [both, "grounded+form"],
    [both, "grounded+consensus+form"],
    [grounded, "form"],
  ])
    expect(isOfJudge(identity, judge)).toBe(false)
})
