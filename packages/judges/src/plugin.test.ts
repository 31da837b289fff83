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

  it("says which option is wrong", () => {
    const make = (options: Record<string, unknown>) => () => grounded({ benchmark, seed: 0, ...options })
    expect(make({ noize: 0.1 })).toThrow(/no option "noize". Did you mean "noise"/)
    expect(make({ noise: 2 })).toThrow(/noise is 2; it has to be a share/)
    expect(make({ relations: "born" })).toThrow(/"relations" is "born"; it has to be a list/)
    expect(make({ repeatedNumbers: "some" })).toThrow(/"all" or "each" or "first"/)
    expect(make({ noise: undefined, relations: undefined })).not.toThrow()
  })
})
