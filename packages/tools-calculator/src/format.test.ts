import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatValue } from "./format.ts"

const rows = JSON.parse(readFileSync(new URL("../fixtures/repr.json", import.meta.url), "utf8")) as [string, string][]

describe("formatValue", () => {
  it(`prints ${rows.length} doubles as Python's repr(float)`, () => {
    expect(rows.length).toBeGreaterThan(400)
    for (const [hex, repr] of rows) expect(formatValue(Buffer.from(hex, "hex").readDoubleBE())).toBe(repr)
  })

  it("gives back the same double when read, in every style", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Object.is(Number(formatValue(value)), value)).toBe(true)
        expect(Number(formatValue(value, "plain"))).toBe(value + 0)
      }),
    )
  })

  it("prints whole numbers without .0 for people, and truth values as Python", () => {
    expect(formatValue(24, "plain")).toBe("24")
    expect(formatValue(0.5, "plain")).toBe("0.5")
    expect([formatValue(true), formatValue(false)]).toEqual(["True", "False"])
  })
})
