import { expect, test } from "vitest"
import { swirl } from "./swirl.ts"

const lacking = { lacks: ["exactKl"] } as const

test("an exact KL is refused for an engine that sees sampled tokens alone, and for no other", () => {
  expect(() => swirl.checkOptions({ kl: "exact" }, lacking)).toThrow(
    "The algorithm swirl is asked for kl=exact, the KL over the whole vocabulary",
  )
  expect(() => swirl.checkOptions({ kl: "exact", beta: 0 }, lacking)).not.toThrow()
  expect(() => swirl.checkOptions({}, lacking)).not.toThrow()
  expect(() => swirl.checkOptions({ kl: "exact" }, {})).not.toThrow()
  expect(() => swirl.checkOptions({ kl: "exact" })).not.toThrow()
})
