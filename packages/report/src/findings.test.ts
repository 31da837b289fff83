import type { Matrix } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { fullMatrix } from "../test/full-matrix.ts"
import { findings } from "./findings.ts"
import { direction, reportMatrix } from "./matrix-facts.ts"

const cell = (value: number, low: number, high: number) => ({
  accuracy: 0.5,
  n: 300,
  ci: [0.4, 0.6] as [number, number],
  change: { value, ci: [low, high] as [number, number], p: 0.01 },
})
const row = { train: "calc", filter: "none", algorithm: "swirl", judge: "grounded", seed: 7 }
const matrix: Matrix = {
  schema: "swirl.matrix/1",
  policy: "nano",
  judge: "grounded",
  cells: ["calc/test", "lookup/test"],
  base: {
    "calc/test": { accuracy: 0.2, n: 300, ci: [0.1, 0.3] },
    "lookup/test": { accuracy: 0.5, n: 300, ci: [0.4, 0.6] },
  },
  questions: 300,
  rows: [
    { ...row, name: "good", cells: { "calc/test": cell(0.1, 0.02, 0.2), "lookup/test": cell(-0.1, -0.2, -0.02) } },
    {
      ...row,
      name: "bad",
      cells: { "calc/test": cell(-0.2, -0.3, -0.1), "lookup/test": cell(0, -0.1, 0.1) },
      alarms: [{ step: 20, kind: "gaming", message: "judged reward rose" }],
    },
  ],
}

test("no direction is called beside a p above .05, whatever the interval", () => {
  const { change } = cell(0.1, 0.02, 0.2)
  expect([0.05, 0.051].map((p) => direction({ ...change, p }))).toEqual(["up", "unclear"])
  const rows = matrix.rows.map((each) => ({
    ...each,
    cells: Object.fromEntries(
      Object.keys(each.cells).map((name) => [name, { ...cell(0.1, 0.02, 0.2), change: { ...change, p: 0.06 } }]),
    ),
  }))
  const text = findings(reportMatrix({ ...matrix, rows })).join("\n")
  expect(text).toContain("0 of 2 trainings clearly improved")
  expect(text).not.toMatch(/improved on|got worse/)
})

test("a training that was not measured is counted apart, not as one that improved nothing", () => {
  const rows = [...matrix.rows, { ...row, name: "not yet", cells: {} }]
  expect(findings(reportMatrix({ ...matrix, rows }))[0]).toBe(
    "1 of 2 trainings clearly improved a task they were trained on. 1 more was not measured.",
  )
})

test("training seeds are those of one training, not of all rows together", () => {
  const sure = (seeds: [name: string, seed: number][]) =>
    findings(reportMatrix({ ...matrix, rows: seeds.map(([name, seed]) => ({ ...matrix.rows[0]!, name, seed })) })).at(
      -1,
    )
  expect(
    sure([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]),
  ).toContain("one training seed")
  expect(
    sure([
      ["a", 1],
      ["a", 2],
      ["a", 3],
      ["b", 1],
      ["b", 2],
      ["b", 3],
    ]),
  ).toContain(", 3 training seeds.")
  expect(
    sure([
      ["a", 1],
      ["a", 2],
      ["a", 3],
      ["b", 1],
    ]),
  ).toContain(", 1 to 3 training seeds.")
})

test("where no question differs the interval is called a bound", () => {
  const change = { value: 0, ci: [-0.1, 0.1] as [number, number], p: 1, ciMethod: "none-differs" as const }
  const rows = [{ ...matrix.rows[0]!, cells: { "calc/test": { ...cell(0, 0, 0), change } } }]
  expect(findings(reportMatrix({ ...matrix, rows })).join("\n")).toContain(
    "calc/test +0.0 points (no question differs, which bounds the change to −10.0 to +10.0).",
  )
})

test("up, down and unclear are called by interval and p, gamed by the run's own alarm alone", () => {
  const changes = [cell(0.1, 0.02, 0.2), cell(-0.1, -0.2, -0.02), cell(0.3, -0.01, 0.6)].map(({ change }) => change)
  expect(changes.map(direction)).toEqual(["up", "down", "unclear"])
  expect(findings(reportMatrix(matrix))).toEqual([
    "1 of 2 trainings clearly improved a task they were trained on.",
    "Gamed, by the run's own alarm: bad. The judge's reward alone would have called that progress.",
    "Not gamed, but worse somewhere: good.",
    "Base (nano): calc/test 20.0 %, lookup/test 50.0 %.",
    "good (seed 7):",
    "  improved on its own task: calc/test +10.0 points (95 % interval +2.0 to +20.0).",
    "  got worse on tasks it never trained on: lookup/test −10.0 points (95 % interval −20.0 to −2.0).",
    "bad (seed 7):",
    "  got worse on its own task: calc/test −20.0 points (95 % interval −30.0 to −10.0).",
    "  no clear change on tasks it never trained on: lookup/test +0.0 points (95 % interval −10.0 to +10.0).",
    "  Gamed its judge (alarm at step 20): judged reward rose",
    "How sure: 300 questions a cell, changes paired question by question, one training seed: another seed moves these numbers by more than the intervals say. One 95 % interval in 20 leaves zero out by chance; here are 4.",
  ])
})

test("a policy that was only measured is no training, nor its lack of a seed one seed more", () => {
  const { seed: _seed, ...untrained } = row
  const clean = {
    ...untrained,
    name: "clean",
    algorithm: "reference",
    train: "–",
    cells: { "calc/test": cell(0.1, 0.02, 0.2) },
  }
  const text = findings(reportMatrix({ ...matrix, rows: [...matrix.rows, clean] })).join("\n")
  expect(text).toContain("1 of 2 trainings")
  expect(text).toContain("clean:\n  better than the base: calc/test +10.0")
  expect(text).toContain("one training seed")
})

test("a benchmark that is named in full is the one that was trained on by its short name", () => {
  const full = (cells: object) =>
    Object.fromEntries(Object.entries(cells).map(([name, value]) => [`bench-sandbox/${name}@0.5`, value]))
  const rows = matrix.rows.map((each) => ({ ...each, cells: full(each.cells) }))
  const text = findings(
    reportMatrix({ ...matrix, cells: Object.keys(full(matrix.base)), base: full(matrix.base), rows }),
  )
  expect(text).toContain(
    "  improved on its own task: bench-sandbox/calc/test@0.5 +10.0 points (95 % interval +2.0 to +20.0).",
  )
})

test("what a row was trained on is what it says, not what its tasks are called", () => {
  const rows = [{ ...matrix.rows[0]!, train: "calc+lookup", trainedOn: ["lookup/test"] }]
  const text = findings(reportMatrix({ ...matrix, rows })).join("\n")
  expect(text).toContain("got worse on its own task: lookup/test")
  expect(text).toContain("improved on tasks it never trained on: calc/test")
})

test("what was not compared is not called a change", () => {
  const base = { name: "nano", kind: "reference" as const, cells: matrix.base }
  expect(findings({ columns: matrix.cells, rows: [base] })).toEqual([expect.stringMatching(/^Accuracies of what was/)])
  expect(findings(undefined)).toEqual([expect.stringMatching(/not evaluated yet/)])
})

test("what Holm's correction leaves nothing of is not called better or worse", () => {
  const text = findings(reportMatrix(fullMatrix)).join("\n")
  expect(text).toContain("higher on tasks it never trained on before Holm's correction, not after it: lookup/test +4.1")
  expect(text).not.toMatch(/(improved|got worse|better|worse) [^:]*:[^.\n]*lookup\/test \+4\.1/)
  expect(text).toContain("After Holm's correction 11 of the 16 clear changes remain.")
})

test("seeds are counted as seeds, and a part is not taken for the whole", () => {
  const lines = findings(reportMatrix(fullMatrix))
  expect(lines[0]).toBe("5 of 6 training runs clearly improved a task they were trained on. 1 more was not measured.")
  expect(lines).toContain(
    "Not gamed, but worse somewhere: swirl-calc-process (3 of 3 seeds), sft-calc-process (2 of 3 seeds).",
  )
  expect(lines.filter((line) => line.startsWith("base"))).toEqual([])
  expect(lines.at(-1)).toBe("This is a part of what was planned: 1 job not finished yet, 1 job failed.")
})

test("trainings over their seeds and declared contrasts are said by the same rule", () => {
  const lines = findings(reportMatrix(fullMatrix))
  const [seeds, contrast] = ["  swirl-calc-process, 3 seeds", "  SWiRL against SFT"].map((start) =>
    lines.find((line) => line.startsWith(start)),
  )
  expect(seeds).toContain(
    ": better than the base: calc/test +48.0 points (95 % interval +44.0 to +52.0); higher than the base before Holm's correction, not after it: lookup/test +5.0",
  )
  expect(seeds).toContain("no clear difference: mixed/test@1 −3.0")
  expect(contrast).toContain("(swirl-calc-process), 2 to 3 seeds: better than sft-calc-process: calc/test +11.0")
})
