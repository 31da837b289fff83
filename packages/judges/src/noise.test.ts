import { input } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { grounded } from "./grounded/grounded.ts"

const inputs = Array.from({ length: 600 }, (_, i) => input(`mira has ${i} apples . she buys 5 more .`, [], `${i} + 5`))
const good = async (noise: number, seed = 1) => {
  const judge = grounded({ benchmark: "bench-sandbox/calc", seed, noise })
  return Promise.all(inputs.map(async (each) => (await judge.judge(each)).verdict === "good"))
}

describe("noise", () => {
  it("flips about its share of verdicts", async () => {
    const kept = (await good(0.2)).filter(Boolean).length / inputs.length
    expect(kept).toBeGreaterThan(0.74)
    expect(kept).toBeLessThan(0.86)
    expect((await good(0)).every(Boolean)).toBe(true)
    expect((await good(1)).some(Boolean)).toBe(false)
  })

  it("flips the same ones each time, and others with another seed", async () => {
    expect(await good(0.2)).toEqual(await good(0.2))
    expect(await good(0.2, 2)).not.toEqual(await good(0.2))
  })

  it("flips the same ones whatever a tool said beside its text", async () => {
    const judge = grounded({ benchmark: "bench-gsm8k/gsm8k", seed: 1, noise: 0.5 })
    for (let i = 0; i < 20; i++) {
      const plain = input(`Question: How old is Mira ${i}?`, [["?Mira", "nothing"]], "?Mira old")
      const field = structuredClone(plain)
      field.conversation[0]!.observation!.nothingFound = true
      expect((await judge.judge(field)).verdict).toBe((await judge.judge(plain)).verdict)
    }
  })

  it("says so in the reason and in the identity", async () => {
    const judge = grounded({ benchmark: "bench-sandbox/calc", seed: 4, noise: 1 })
    expect(await judge.judge(inputs[0]!)).toMatchObject({
      reason: expect.stringMatching(/^flipped by noise; before: good: /),
    })
    expect(judge.identity).toMatch(/ noise=1 seed=4$/)
  })
})
