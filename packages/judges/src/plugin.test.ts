import { judgeOptions } from "@swirl-ts/bench-sandbox"
import { createRegistry } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { grounded } from "./grounded/grounded.ts"
import { judges } from "./plugin.ts"

const benchmark = "bench-sandbox/calc"

describe("the plugin", () => {
  it("offers grounded by short and full name", async () => {
    const registry = createRegistry([judges()])
    for (const name of ["grounded", "judges/grounded"]) {
      const judge = await registry.resolve("judges", name).value.create({ benchmark, seed: 0 })
      expect(judge.identity).toMatch(/^judges\/grounded\/1 bench-sandbox\/calc [0-9a-f]{8}$/)
    }
  })

  it("has another identity for every setting that can change a verdict", () => {
    const identities = [
      grounded({ benchmark, seed: 0 }),
      grounded({ benchmark: "bench-gsm8k/gsm8k", seed: 0 }),
      grounded({ benchmark, seed: 0, noise: 0.1 }),
      grounded({ benchmark, seed: 1, noise: 0.1 }),
      grounded({ benchmark, seed: 0, relations: ["born"] }),
      grounded({ benchmark, seed: 0, unusedNumbers: 0 }),
    ].map((judge) => judge.identity)
    expect(new Set(identities).size).toBe(identities.length)
    expect(grounded({ benchmark, seed: 0 }).identity).toBe(grounded({ benchmark, seed: 9 }).identity)
  })

  it("has the identity that verdicts on record have", () => {
    expect(grounded({ benchmark, seed: 0, ...judgeOptions.grounded }).identity).toBe(
      "judges/grounded/1 bench-sandbox/calc bcfd7062",
    )
    expect(grounded({ benchmark: "bench-gsm8k/gsm8k", seed: 0 }).identity).toBe(
      "judges/grounded/1 bench-gsm8k/gsm8k 485aff17",
    )
  })

  it("says which option is wrong", () => {
    const make = (options: Record<string, unknown>) => () => grounded({ benchmark, seed: 0, ...options })
    expect(make({ noize: 0.1 })).toThrow(/no option "noize". Did you mean "noise"/)
    expect(make({ noise: 2 })).toThrow(
      /^Options of judge grounded: option "noise" cannot be used: it should be 1 or less, but is 2\.$/,
    )
    expect(make({ relations: "born" })).toThrow(
      /"relations" cannot be used: it should be a list, but is the text "born"/,
    )
    expect(make({ repeatedNumbers: "some" })).toThrow(/"all", "each", "first"/)
    expect(make({ noise: undefined, relations: undefined })).not.toThrow()
  })
})
