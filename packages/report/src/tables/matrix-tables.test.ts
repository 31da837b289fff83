import { expect, test } from "vitest"
import { fullMatrix, hostileName } from "../../test/full-matrix.ts"
import type { ReportMatrix } from "../data.ts"
import { reportMatrix } from "../matrix-facts.ts"
import { matrixCaption } from "./caption.ts"
import { matrixTables } from "./matrix-tables.ts"
import type { Table } from "./table.ts"

const full = reportMatrix(fullMatrix)
const [checkpoints, seeds, contrasts, budgets, cells, published] = matrixTables(full) as Table[]
const names = (table: Table) => table.columns.map(({ name }) => name)
/** Lines as objects; the cell of a group is said by its first line alone. */
function told(table: Table): Record<string, string>[] {
  let cell = ""
  return table.lines.map((line) => {
    cell = line[0] || cell
    return { ...Object.fromEntries(names(table).map((name, index) => [name || "mark", line[index]!])), cell }
  })
}

test("a plain matrix has the columns it always had: none is empty", () => {
  const base = { accuracy: 0.5, n: 40, ci: [0.35, 0.65] as [number, number] }
  const plain: ReportMatrix = { columns: ["c"], rows: [{ name: "base", kind: "base", cells: { c: base } }] }
  const tables = matrixTables(plain)
  expect(tables.map(names)).toEqual([["cell", "row", "accuracy", "", "change", "95 % interval", "p", "n"]])
  expect(names(checkpoints!).slice(7)).toEqual([
    "p (Holm)",
    "n",
    "task",
    "leaked",
    "unscored %",
    "good steps %",
    "gold steps %",
  ])
})

test("marks stand beside no p and no Holm's p above .05; before the correction they are hollow", () => {
  const marked = [checkpoints!, seeds!, contrasts!].flatMap(told).filter(({ mark }) => mark)
  const above = (p: string) => p !== "<0.001" && Number(p) > 0.05
  for (const line of marked) {
    expect(above(line.p!)).toBe(false)
    expect("△▽".includes(line.mark!)).toBe(above(line["p (Holm)"]!))
  }
  expect(new Set(marked.map(({ mark }) => mark))).toEqual(new Set(["▲", "▼", "△"]))
})

test("every row has a line in every cell: a number, or why there is none", () => {
  const lines = told(checkpoints!)
  expect(lines).toHaveLength(3 * (1 + fullMatrix.rows.length) + 2)
  const without = lines.filter(({ accuracy }) => accuracy === "–")
  expect(without.map((line) => [line.row, line.cell, line["95 % interval"]])).toEqual([
    ["sft-calc-process #9", "calc/test", "– no result"],
    ["sft-calc-process #9", "lookup/test", "– no result"],
    [expect.stringContaining(hostileName), "lookup/test", "– no result"],
    ["sft-calc-process #9", "mixed/test@1", "– no result"],
    [expect.stringContaining(hostileName), "mixed/test@1", "– not run yet"],
    ["clean (measured only)", "mixed/test@1", "– not run yet"],
  ])
  expect(checkpoints!.notes).toContain(
    "sft-calc-process #9: the filter kept no trajectory, so there is nothing to train on",
  )
  expect(checkpoints!.notes.filter((note) => note.endsWith("of the server"))).toHaveLength(1)
  const whole = matrixTables({ ...full, unfinished: [], failed: undefined })[0]!
  expect(told(whole).at(-1)).toMatchObject({ row: "clean (measured only)", "95 % interval": "– not measured" })
})

test("a base of a seed that is not there yet has its line, where another seed's is there", () => {
  const [first, ...others] = fullMatrix.baseBySeed!
  const part = reportMatrix({ ...fullMatrix, baseBySeed: [first!, ...others.map(({ seed }) => ({ seed, cells: {} }))] })
  const bases = told(matrixTables(part)[0]!).filter(({ row, cell }) => row!.startsWith("base") && cell!.endsWith("@1"))
  expect(bases.map((line) => [line.row, line.accuracy, line["95 % interval"]])).toEqual([
    ["base #7", "37.0", "18.6 to 28.1 (accuracy)"],
    ["base #8", "–", "– not run yet"],
    ["base #9", "–", "– not run yet"],
  ])
})

test("the diagonal, its family, what leaked and the base of each seed are told in words", () => {
  const of = (row: string) => told(checkpoints!).filter((line) => line.row === row)
  expect(of("swirl-calc-process #7").map(({ task, leaked }) => [task, leaked])).toEqual([
    ["own", "3"],
    ["other", "0"],
    ["same family", "0"],
  ])
  expect(of("base #8").map((line) => [line.cell, line.accuracy])).toEqual([["mixed/test@1", "38.0"]])
})

test("a claim over seeds has a line of its own, the mean of other tasks apart from the diagonal", () => {
  expect(told(seeds!).at(-1)).toMatchObject({
    cell: "mean of other tasks",
    training: "swirl-calc-process",
    seeds: "3",
    task: "other",
  })
  expect(seeds!.notes).toEqual(["mean of other tasks, swirl-calc-process: lookup/test"])
  expect(seeds!.about).toContain("Holm's correction is over this table.")
  const withSeeds = (...counts: number[]) =>
    matrixTables({
      ...full,
      overSeeds: counts.map((count, index) => ({
        name: `t${index}`,
        seeds: [7],
        cells: { "calc/test": { accuracy: 0.5, change: { value: 0.1, seeds: count, questions: 9 } } },
      })),
    })[1]!
  expect(withSeeds(1, 1).title).not.toContain("seeds")
  const same = withSeeds(1, 3)
  expect(told(same)[0]).toMatchObject({ training: "t1", mark: "", change: "+10.0", "95 % interval": "–", p: "–" })
  expect(same.about.at(-1)).toMatch(/^No interval: /)
})

test("a contrast of which no cell was asked is no table of its own", () => {
  const none = fullMatrix.contrasts!.map((each) => ({ ...each, cells: {}, mean: undefined }))
  const titles = matrixTables({ ...full, contrasts: none, unfinished: undefined, failed: undefined }).map(
    (each) => each.title,
  )
  expect(titles).toHaveLength(5)
  expect(titles.join()).not.toContain("Contrasts")
})

test("contrasts, budgets, coverage and published numbers", () => {
  expect(told(contrasts!).map((line) => [line.mark, line["95 % interval"], line.p])).toEqual([
    ["▲", "+7.0 to +15.0", "0.010"],
    ["", "−3.0 to +5.0", "0.800"],
    ["", "– not run yet", "–"],
    ["▲", "+2.0 to +10.0", "0.020"],
  ])
  expect(told(budgets!)[0]).toMatchObject({ trajectories: "142 of 200", states: "600 of 600" })
  expect(told(cells!)[1]).toMatchObject({ "in the corpus": "183 of 290 (63.1 %)" })
  expect(published!.lines).toEqual([
    ["lookup/test", "Gemma-2-27b-it", "judged accuracy", "0.597", expect.stringContaining("arXiv")],
  ])
})

test("the caption says marks, family, power, tasks, selection and what is not there", () => {
  expect(matrixCaption(full)).toEqual([
    "Accuracy in per cent, 300 questions a cell; changes against the base in points, paired question by question.",
    "▲ ▼: the 95 % interval leaves zero out, and p and Holm's p are at most .05; △ ▽: p is, Holm's is not.",
    "Holm's correction is over the 18 changes of the checkpoints; of 16 that are clear by themselves it leaves 11.",
    "The smallest change that one line shows with power .8 at p .05 is 5.1 to 8.3 points, by cell.",
    "Task: own, the training was trained on it; same family, it shares sources with one of those; other, it never saw it.",
    "Good steps: of the policy's steps with a verdict, those that the judge calls good.",
    "Gold steps: of those that the tasks give, the share that was met.",
    "Leaked: questions of the cell that training, few-shot examples or calibration have seen; they are counted in the accuracy, the changes and the means over cells.",
    "A row is the last checkpoint of its training.",
    "This is a part of what was planned; not finished yet: evaluate sft-lookup-process seed 7.",
    "Failed: train sft-mixed-none seed 8: the server refused 5 times.",
  ])
})

test("the caption says that questions were picked by their ids, and speaks of one as one", () => {
  expect(matrixCaption({ ...full, questions: 1 })[0]).toContain("per cent, 1 question a cell; ")
  expect(matrixCaption({ ...full, questions: 3, pickedBy: "ids" })[0]).toContain(
    ", 3 questions a cell at most, picked by their ids (--ids); ",
  )
})

test("a cell of which nobody looked for leaks says so, where nothing else is said of it", () => {
  const base = { accuracy: 0.5, n: 40, ci: [0.35, 0.65] as [number, number] }
  const rows: ReportMatrix["rows"] = [{ name: "base", kind: "base", cells: { c: { ...base, unguarded: 40 }, d: base } }]
  expect(matrixTables({ columns: ["c", "d"], rows })[0]!.notes).toEqual([
    "c base: nobody looked whether the policy had seen 40 of the questions (--leak off)",
  ])
})
