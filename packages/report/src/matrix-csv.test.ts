import fc from "fast-check"
import { expect, test } from "vitest"
import { fullMatrix, hostileName } from "../test/full-matrix.ts"
import { parseCsv } from "../test/parse-csv.ts"
import { matrixCsv } from "./matrix-csv.ts"
import { reportMatrix } from "./matrix-facts.ts"

function records(text: string): Record<string, string>[] {
  const [names, ...lines] = parseCsv(text)
  return lines.map((line) => Object.fromEntries(names!.map((name, index) => [name, line[index]!])))
}
const all = records(matrixCsv(reportMatrix(fullMatrix)))
const line = (row: string, seed: string, cell: string) =>
  all.find((each) => each.row === row && each.seed === seed && each.cell === cell)!

test("a line a row, seed and cell, with numbers as the record has them", () => {
  expect(all.map(({ row, seed, cell }) => `${row} ${seed} ${cell}`)).toHaveLength(
    new Set(all.map((each) => `${each.row} ${each.seed} ${each.cell}`)).size,
  )
  expect(all).toHaveLength(3 * (1 + fullMatrix.rows.length) + 2)
  for (const row of fullMatrix.rows.filter(({ name }) => name !== hostileName)) {
    for (const [cell, { accuracy, change, n, leaked }] of Object.entries(row.cells)) {
      const { p, value, pHolm } = change
      expect(line(row.name, row.seed?.toString() ?? "", cell)).toMatchObject({
        accuracy: `${accuracy}`,
        change: `${value}`,
        p: `${p}`,
        pHolm: `${pHolm}`,
        samples: `${n}`,
        leaked: `${leaked}`,
      })
    }
  }
  expect(line("swirl-calc-process", "7", "lookup/test")).toMatchObject({
    task: "other",
    direction: "up-before-correction",
    coverageHeld: "183",
    minimumDetectableEffect: "0.083",
    budgetStates: "600",
    usedTrajectories: "142",
    withoutResult: "",
  })
})

test("what has no number is empty and says why, never 0", () => {
  const told = all.filter(({ accuracy }) => accuracy === "")
  expect(told.map(({ row, cell, withoutResult }) => [row, cell, withoutResult])).toEqual([
    ["sft-calc-process", "calc/test", "the filter kept no trajectory, so there is nothing to train on"],
    ["sft-calc-process", "lookup/test", "the filter kept no trajectory, so there is nothing to train on"],
    [`'${hostileName}`, "lookup/test", "no sample has a score: 300 errors | of the server"],
    ["sft-calc-process", "mixed/test@1", "the filter kept no trajectory, so there is nothing to train on"],
    [`'${hostileName}`, "mixed/test@1", "not run yet"],
    ["clean", "mixed/test@1", "not run yet"],
  ])
  expect(told.every(({ samples, change, p, unscored }) => `${samples}${change}${p}${unscored}` === "")).toBe(true)
})

test("no text is a formula, whatever its name; negative numbers stay numbers", () => {
  const named = (name: string) =>
    records(matrixCsv({ columns: ["c"], rows: [{ name, kind: "reference", cells: {} }] }))[0]!.row!
  for (const name of ["=1+1", "+1", "-1", "@a", "\tx", "\r=1", "＝1"]) expect(named(name)).toBe(`'${name}`)
  expect(named("a=1")).toBe("a=1")
  expect(line("swirl-calc-process", "7", "mixed/test@1").change).toBe("-0.12")
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const read = named(name)
      expect(read.replace(/^'/, "")).toBe(name.replace(/^'/, ""))
      expect(read).not.toMatch(/^[=+\-@\t\r\n]/)
    }),
  )
})
