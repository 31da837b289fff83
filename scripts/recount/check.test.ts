import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, expect, test } from "vitest"
import { check } from "./check.ts"
import { type MadeUp, madeUpExperiment } from "./made-up.ts"

let folder: string
beforeAll(async () => {
  folder = await madeUpExperiment(1)
})

const checked = (directory: string): { code: number; text: string } => {
  const lines: string[] = []
  return { code: check(directory, (line) => void lines.push(line)), text: lines.join("\n") }
}

/** What the check says while a file is another one. */
function changed(file: string, change: (text: string) => string): { code: number; text: string } {
  const path = join(folder, file)
  const before = readFileSync(path, "utf8")
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
  try {
    return checked(folder)
  } finally {
    writeFileSync(path, before)
  }
}

const samples = (row: string): string => {
  const evaluation = join(row, "eval", "policy")
  return join(evaluation, readdirSync(join(folder, evaluation)).find((name) => name === "made-up-right.jsonl")!)
}

test.each([1, 2, 3, 4, 5])(
  "every figure that the framework collected follows from the records (records %i)",
  async (seed) => {
    const { code, text } = checked(seed === 1 ? folder : await madeUpExperiment(seed))
    expect(text).toMatch(/^matrix\.json: \d{3,} figures .* 0 different, 0 unknown\.$/m)
    expect(code).toBe(0)
  },
)

test("what is checked has every kind of interval, and verdicts on more questions than are judged now", () => {
  const matrix = readFileSync(join(folder, "matrix.json"), "utf8")
  for (const kind of ["tango-score", "paired-bootstrap", "seeds-and-questions"]) expect(matrix).toContain(`"${kind}"`)
  const { code, text } = changed("matrix.json", (json) => json.replace('"judged": 5', '"judged": 6'))
  expect(code).toBe(1)
  expect(text).toMatch(/^DIFFERENT base right\/test goodSteps n: /m)
})

test("of a part of an experiment every figure is checked that is there, and reasons stand where the records have no number", async () => {
  const { code, text } = checked(await madeUpExperiment(6, { extent: "part" }))
  expect(text).toMatch(/^matrix\.json: \d{3,} figures .* 0 different, 0 unknown\.$/m)
  expect(text).toMatch(/withoutResult|outcome/)
  expect(code).toBe(0)
})

test.each<MadeUp>([{ extent: "begun" }, { extent: "raised" }, { trains: false }])(
  "so is every figure of an experiment with %o",
  async (some) => {
    const { code, text } = checked(await madeUpExperiment(7, some))
    expect(text).toMatch(/^matrix\.json: \d{2,} figures .* 0 different, 0 unknown\.$/m)
    expect(code).toBe(0)
  },
)

test("a folder in which no base was measured is told in a sentence", async () => {
  const directory = await madeUpExperiment(8)
  rmSync(join(directory, "base"), { recursive: true })
  const { code, text } = checked(directory)
  expect([code, text]).toEqual([1, expect.stringMatching(/^CANNOT BE CHECKED: .*base was not measured: .*run\.json/)])
})

test("where questions were named one by one, and the folder holds others, nothing is said of them", async () => {
  const directory = await madeUpExperiment(9)
  const path = join(directory, "base", "run.json")
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(/"limit": ?24/g, '"limit": null'))
  expect(checked(directory).code).toBe(0)
  const matrix = join(directory, "matrix.json")
  writeFileSync(matrix, readFileSync(matrix, "utf8").replace(/"questions": 24,\n {2}"/, '"questions": 2,\n  "'))
  expect(checked(directory)).toEqual({
    code: 1,
    text: expect.stringMatching(
      /^CANNOT BE CHECKED: .* holds 24 questions of made-up\/\w+\/test, of which 2 were asked/,
    ),
  })
})

test("one score that is another is found in each figure that it moves", () => {
  const { code, text } = changed(samples(join("seed-1", "swirl-right-none")), (lines) =>
    lines.replace(/("status":"scored","metrics":\{"exact":)(\d)/, (_, before, score) => `${before}${1 - score}`),
  )
  expect(code).toBe(1)
  expect(text).toMatch(/^DIFFERENT rows swirl-right-none#1 cells right\/test accuracy: recorded .*, recomputed /m)
})

test("a sample that is gone is found", () => {
  const { code, text } = changed(samples("base"), (lines) => lines.split("\n").slice(1).join("\n"))
  expect(code).toBe(1)
  expect(text).toMatch(/^DIFFERENT rows \S+ cells right\/test leftOut onlyInB: recorded 0, recomputed 1$/m)
})

test("a gold passage that is recorded as missing and counted as held is found, at both temperatures", () => {
  const { code, text } = changed(join("base", "eval", "policy", "coverage.json"), (json) =>
    json.replace(/"missing":\s*\["other"\]/, '"missing": []'),
  )
  expect(code).toBe(1)
  expect(text.match(/^DIFFERENT columns right\/test(@1)? coverage held: recorded 14, recomputed 15$/gm)).toHaveLength(2)
})

test("one digit of the matrix that is another is found, and no other figure", () => {
  const { code, text } = changed("matrix.json", (json) =>
    json.replace(/("baseAccuracy": 0\.\d)(\d)/, (_, before, digit) => `${before}${(Number(digit) + 1) % 10}`),
  )
  expect(code).toBe(1)
  expect(text.match(/^DIFFERENT .* baseAccuracy: /gm)).toHaveLength(1)
  expect(text).toContain(" 1 different, 0 unknown.")
})

test("a change in how questions were answered that is another is found", () => {
  const { code, text } = changed("matrix.json", (json) =>
    json.replace(/("wellFormed": \{\s*"value": )[^,]+/, (_, before) => `${before}0.123`),
  )
  expect(code).toBe(1)
  expect(text).toMatch(/^DIFFERENT rows \S+ cells \S+ behaviour wellFormed value: recorded 0\.123, recomputed /m)
  expect(text).toContain(" 1 different, 0 unknown.")
})

test("a digit that is another in what people read is found", () => {
  const csv = changed("report/matrix.csv", (lines) => lines.replace(/,0\.5(\d+),/, (_, rest) => `,0.4${rest},`))
  expect(csv.text).toMatch(/^report\/matrix\.csv: .* 1 different, 0 unknown\.$/m)
  const seeds = changed("report/matrix-over-seeds.csv", (lines) =>
    lines.replace(/,(-?0\.\d)(\d)/, (_, start, digit) => `,${start}${(Number(digit) + 3) % 10}`),
  )
  expect(seeds.text).toMatch(/^report\/matrix-over-seeds\.csv: .* 1 different, 0 unknown\.$/m)
  const markdown = changed("report/matrix.md", (lines) => lines.replace(/\| (\d\d)\.(\d) \|/, "| $1.x |"))
  expect(markdown.text).toMatch(/^report\/matrix\.md: .* 1 different, 0 unknown\.$/m)
  expect([csv.code, seeds.code, markdown.code]).toEqual([1, 1, 1])
})

test("a figure that nothing recomputes is named", () => {
  const { code, text } = changed("matrix.json", (json) =>
    json.replace('"rows": [', '"speed": { "perSecond": 3 }, "rows": ['),
  )
  expect(code).toBe(1)
  expect(text).toMatch(/^UNKNOWN speed perSecond: nothing recomputes it$/m)
})

test("a row that is gone from the matrix is found", () => {
  const { code, text } = changed("matrix.json", (json) => {
    const matrix = JSON.parse(json)
    return JSON.stringify({ ...matrix, rows: matrix.rows.slice(1) })
  })
  expect(code).toBe(1)
  expect(text).toMatch(/^DIFFERENT rows swirl-right-process#3 .*: recorded undefined/m)
})
