import fc from "fast-check"
import { expect, test } from "vitest"
import { cellName, isSameName, parseCell } from "./cell.ts"

test("a cell is written as it is read, whatever its benchmark is called", () => {
  const name = fc.stringMatching(/^[a-z@0-9./-]*[a-z0-9]$/)
  const split = fc.stringMatching(/^[a-z0-9.-]+$/)
  fc.assert(
    fc.property(name, split, fc.double({ min: 0, max: 1e22, noNaN: true }), (benchmark, split, temperature) => {
      expect(parseCell(cellName({ benchmark, split, temperature }))).toEqual({
        benchmark,
        split,
        temperature: temperature + 0,
      })
    }),
  )
})

test("numbers in names are no temperature, and greedy has no mark", () => {
  expect(parseCell("kit/math-500/test")).toEqual({ benchmark: "kit/math-500", split: "test", temperature: 0 })
  expect(parseCell("kit/math-500/test@0.5")?.temperature).toBe(0.5)
  expect(cellName({ benchmark: "kit/math-500", split: "test", temperature: 0 })).toBe("kit/math-500/test")
  expect(parseCell("kit/math-500/test@none")?.temperature).toBe("none")
  expect(cellName({ benchmark: "kit/math-500", split: "test", temperature: "none" })).toBe("kit/math-500/test@none")
  for (const no of ["calc", "calc/", "/test", "calc/test@", "calc/test@hot", ""]) expect(parseCell(no)).toBeUndefined()
})

test("a short name is the benchmark's of any plugin, a full one only its own", () => {
  expect(isSameName("calc", "bench-sandbox/calc")).toBe(true)
  expect(isSameName("bench-sandbox/calc", "calc")).toBe(true)
  expect(isSameName("kit/calc", "bench-sandbox/calc")).toBe(false)
  expect(isSameName("calc", "kit/calc-2")).toBe(false)
})
