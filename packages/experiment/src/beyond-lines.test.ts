import { join } from "node:path"
import { createRegistry, definePlugin, EvalSampleSchema } from "@swirl-ts/core"
import { holm, minimumDetectableEffect, studentTwoSided, twoWayMeanInterval } from "@swirl-ts/stats"
import { openRecordFile, runPaths } from "@swirl-ts/store"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { defineExperiment, type ExperimentInput } from "./experiment.ts"
import { collectMatrix } from "./matrix.ts"

const tasks = [0, 1, 2, 3].map((row) => ({ id: `test/${row}`, question: `question ${row}` }))
const benchmark = {
  description: "",
  splits: ["train", "test"],
  tools: [],
  limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
  load: () => tasks,
  prompt: () => [],
  score: () => ({ exact: 1 }),
  primaryMetric: "exact",
}
const references = [{ what: "a model", metric: "exact", value: 0.5, citation: "a paper" }]
const registry = createRegistry([
  definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    benchmarks: {
      plus: { ...benchmark, sources: ["Sums", "Stories"] },
      near: { ...benchmark, sources: [" sums "] },
      far: { ...benchmark, sources: ["Tales"], references },
      plain: benchmark,
    },
  }),
])

/** Scores by run folder and cell, question by question; null is one without a score. */
type Scores = Record<string, Record<string, (number | null)[]>>

async function matrixOf(input: Partial<ExperimentInput>, scores: Scores) {
  const directory = temporaryFolder()
  for (const [folder, cells] of Object.entries(scores)) {
    for (const [cell, values] of Object.entries(cells)) {
      const [name, temperature = 0] = cell.split("@").map((part, place) => (place === 0 ? part : Number(part)))
      const benchmark = `own/${name}`
      const paths = runPaths(join(directory, folder)).evaluation("policy", benchmark, temperature as number)
      const file = await openRecordFile(paths.samples, EvalSampleSchema)
      for (const [row, score] of values.entries()) {
        await file.append({
          schema: "swirl.eval-sample/1",
          id: `${cell}/${row}`,
          taskId: `test/${row}`,
          trajectoryId: "t",
          benchmark,
          split: "test",
          epoch: 0,
          policy: "policy",
          temperature: temperature as number,
          primaryMetric: "exact",
          status: score === null ? "unscored" : "scored",
          metrics: score === null ? {} : { exact: score },
        })
      }
      await file.close()
    }
  }
  const context = { registry, host: testHost(), directory, seed: 1, concurrency: 1 }
  const plan = { policy: "nano", judge: "form", trainings: [training("a")], cells: ["plus/test"], ...input }
  return collectMatrix(context, defineExperiment(plan))
}

const training = (name: string, train = ["plus"]) => ({ name, train, filter: "none" })

test("two seeds are a mean with Student's t over them; one seed makes no claim about the algorithm", async () => {
  const base = { plus: [0, 0, 1, 0] }
  // Differences of +.5 and +.25: mean .375, standard error .125, t 3 with one degree of freedom.
  const scores = { base, "seed-1/a": { plus: [1, 1, 1, 0] }, "seed-2/a": { plus: [1, 0, 1, 0] } }
  const { overSeeds } = await matrixOf({ seeds: [1, 2] }, scores)
  const [row] = overSeeds!
  const { change, accuracy } = row!.cells["plus/test"]!
  expect([row!.name, row!.seeds, accuracy, change.value, change.seeds, change.questions]).toEqual([
    "a",
    [1, 2],
    0.625,
    0.375,
    2,
    4,
  ])
  expect(change.p).toBeCloseTo(1 - (2 * Math.atan(3)) / Math.PI, 12)
  expect(change.ciMethod).toBe("seeds-t")
  const reach = Math.tan(Math.PI * 0.475) * 0.125
  expect(change.ci![0]).toBeCloseTo(Math.max(-1, 0.375 - reach), 9)
  expect(change.ci![1]).toBeCloseTo(Math.min(1, 0.375 + reach), 9)

  const alone = await matrixOf({ seeds: [1] }, scores)
  expect(alone.overSeeds![0]!.cells["plus/test"]!.change).toEqual({ value: 0.5, seeds: 1, questions: 4 })
  const same = await matrixOf({ seeds: [1, 2] }, { ...scores, "seed-2/a": { plus: [1, 1, 1, 0] } })
  expect(same.overSeeds![0]!.cells["plus/test"]!.change).toEqual({ value: 0.5, seeds: 2, questions: 4 })
})

test("three seeds have the questions as a second sample, those that every seed has both scores for", async () => {
  const { overSeeds } = await matrixOf(
    { seeds: [1, 2, 3] },
    {
      base: { plus: [0, 0, 1, 0] },
      "seed-1/a": { plus: [1, 1, 1, 0] },
      "seed-2/a": { plus: [1, 0, 1, null] },
      "seed-3/a": { plus: [0, 1, 0, 1] },
    },
  )
  const { change } = overSeeds![0]!.cells["plus/test"]!
  const values = [
    [1, 1, 0],
    [1, 0, 0],
    [0, 1, -1],
  ]
  expect(change).toMatchObject({ ciMethod: "seeds-and-questions", seeds: 3, questions: 3 })
  expect(change.value).toBeCloseTo(1 / 3, 12)
  // Ends where no change can be.
  expect([change.ci, twoWayMeanInterval(values).ci[0] < -1]).toEqual([[-1, 1], true])
  // Means 2/3, 1/3, 0: standard error .19245, t √3.
  expect(change.p).toBeCloseTo(studentTwoSided(Math.sqrt(3), 2), 12)
})

test("the mean off the diagonal leaves out what was trained on and its family, and weighs cells, not questions", async () => {
  const base = { plus: [0, 0, 0, 0], near: [0, 0, 0, 0], far: [0, 0, 0, 0], plain: [0, 0, 0, 0] }
  const { overSeeds, rows } = await matrixOf(
    { seeds: [1, 2], cells: ["plus/test", "near/test", "far/test", "plain/test"] },
    {
      base,
      "seed-1/a": { plus: [1, 1, 1, 1], near: [1, 1, 1, 1], far: [1, 0, 0, 0], plain: [1, null, null, null] },
      "seed-2/a": { plus: [1, 1, 1, 1], near: [1, 1, 1, 1], far: [1, 1, 0, 0], plain: [0, 0, 0, 0] },
    },
  )
  expect(rows[0]).toMatchObject({ trainedOn: ["plus/test"], sameFamily: ["near/test"] })
  // Seed 1: (.25 + 1) / 2; seed 2: (.5 + 0) / 2, for one question alone is shared in plain.
  const { offDiagonal } = overSeeds![0]!
  expect(offDiagonal).toMatchObject({ cells: ["far/test", "plain/test"], seeds: 2, questions: 5 })
  expect(offDiagonal!.value).toBeCloseTo((0.625 + 0.25) / 2, 12)
})

test("one split at two temperatures is one sample of questions", async () => {
  const scores = (first: number[], second: number[]) => ({ far: first, "far@1": second })
  const base = scores([0, 0, 0, 0], [0, 0, 0, 0])
  const { overSeeds } = await matrixOf(
    { seeds: [1, 2, 3], cells: ["far/test", "far/test@1"] },
    {
      base,
      "seed-2/base": { "far@1": [0, 0, 0, 0] },
      "seed-3/base": { "far@1": [0, 0, 0, 0] },
      "seed-1/a": scores([1, 1, 0, 0], [1, 0, 0, 0]),
      "seed-2/a": scores([1, 0, 0, 0], [1, 0, 1, 0]),
      "seed-3/a": scores([1, 0, 0, 0], [0, 0, 0, 0]),
    },
  )
  const means = [
    [1, 0.5, 0, 0],
    [1, 0, 0.5, 0],
    [0.5, 0, 0, 0],
  ]
  const { ci, questions } = overSeeds![0]!.offDiagonal!
  expect(questions).toBe(4)
  expect(ci![0]).toBeCloseTo(Math.max(-1, twoWayMeanInterval(means).ci[0]), 12)
})

test("a sampled row is compared with the base of its own seed, a greedy one with the base's one measurement", async () => {
  const scores = (first: number[], second: number[]) => ({ plus: first, "plus@1": second })
  const { base, baseBySeed, rows } = await matrixOf(
    { seeds: [1, 2], cells: ["plus/test", "plus/test@1"] },
    {
      base: scores([1, 0, 0, 0], [1, 1, 0, 0]),
      "seed-2/base": { "plus@1": [0, 0, 0, 0] },
      "seed-1/a": scores([1, 1, 1, 0], [1, 1, 1, 0]),
      "seed-2/a": scores([1, 1, 0, 0], [1, 1, 1, 0]),
    },
  )
  expect(rows.map(({ cells }) => Object.values(cells).map(({ change }) => change.value))).toEqual([
    [0.5, 0.25],
    [0.25, 0.75],
  ])
  expect([base["plus/test"]!.accuracy, base["plus/test@1"]!.accuracy]).toEqual([0.25, 0.5])
  expect(baseBySeed!.map(({ seed, cells }) => [seed, Object.keys(cells), cells["plus/test@1"]!.accuracy])).toEqual([
    [1, ["plus/test@1"], 0.5],
    [2, ["plus/test@1"], 0],
  ])
})

test("Holm's correction is over every change of one table, and each table is a family of its own", async () => {
  const one = { plus: [1, 1, 1, 1], far: [1, 0, 0, 0] }
  const other = { plus: [1, 1, 0, 0], far: [1, 1, 0, 1] }
  const { rows, overSeeds, contrasts } = await matrixOf(
    {
      seeds: [1, 2],
      cells: ["plus/test", "far/test"],
      trainings: [training("a"), training("b", ["far"])],
      contrasts: [{ of: "a", against: "b" }],
    },
    {
      base: { plus: [0, 0, 0, 0], far: [0, 0, 0, 0] },
      "seed-1/a": one,
      "seed-2/a": other,
      "seed-1/b": other,
      "seed-2/b": { plus: [1, 0, 0, 0], far: [0, 0, 0, 0] },
    },
  )
  const families = [
    rows.flatMap((row) => Object.values(row.cells).map(({ change }) => change)),
    overSeeds!.flatMap((row) => [...Object.values(row.cells).map(({ change }) => change), row.offDiagonal!]),
    contrasts!.flatMap((contrast) => [...Object.values(contrast.cells), contrast.mean!]),
  ]
  expect(families.map(({ length }) => length)).toEqual([8, 6, 3])
  for (const family of families) {
    const tested = family.filter(({ p }) => p !== undefined)
    expect(tested.length).toBeGreaterThan(1)
    expect(tested.map(({ pHolm }) => pHolm)).toEqual(holm(tested.map(({ p }) => p!)))
  }
})

test("a contrast is paired over the seeds and questions that both rows have", async () => {
  const { contrasts } = await matrixOf(
    {
      seeds: [1, 2],
      trainings: [training("a"), training("b")],
      references: [{ name: "clean", policy: "nano" }],
      contrasts: [
        { of: "a", against: "b", name: "process against none" },
        { of: "a", against: "clean" },
        { of: "clean", against: "base" },
      ],
    },
    {
      base: { plus: [0, 0, 0, 0] },
      clean: { plus: [1, 1, 0, 0] },
      "seed-1/a": { plus: [1, 1, 1, 0] },
      "seed-2/a": { plus: [1, 1, 1, 1] },
      "seed-1/b": { plus: [1, 1, 0, null] },
      "seed-2/b": { plus: [1, 0, 0, 0] },
    },
  )
  const [trained, reference, untrained] = contrasts!
  expect(trained).toMatchObject({ name: "process against none", of: "a", against: "b", mean: undefined })
  // Over three questions: 1/3 with the first seed, 2/3 with the second.
  expect(trained!.cells["plus/test"]).toMatchObject({ value: 0.5, seeds: 2, questions: 3 })
  expect(reference!.name).toBe("a against clean")
  expect(reference!.cells["plus/test"]).toMatchObject({ value: 0.375, seeds: 2, questions: 4 })
  // Neither has seeds: one greedy measurement each.
  expect(untrained!.cells["plus/test"]).toEqual({ value: 0.5, seeds: 1, questions: 4 })
})

test("a contrast that names no row, no cell, or one row twice is refused with what there is", () => {
  const refused = (contrast: object) => () =>
    defineExperiment({
      policy: "nano",
      judge: "form",
      cells: ["plus/test"],
      trainings: [training("process"), training("none")],
      contrasts: [{ of: "process", against: "none" }, contrast as never],
    })
  expect(refused({ of: "proces", against: "none" })).toThrow(
    'The experiment cannot be run: the contrast "proces against none": there is no row "proces". Did you mean "process"? There is base, process, none.',
  )
  expect(refused({ of: "process", against: "process" })).toThrow('it compares "process" with itself')
  expect(refused({ of: "process", against: "base", cells: ["far/test"] })).toThrow(/no cell "far\/test"/)
  expect(refused({ of: "process", against: "none" })).toThrow("another one has the same name")
  expect(refused({ of: "process", against: "none", name: "again" })).not.toThrow()
})

test("a column says what could be seen in it, by what differs between trainings and base, and what others published", async () => {
  const { columns, selection } = await matrixOf(
    { seeds: [1, 2], cells: ["far/test", "plus/test"] },
    {
      base: { far: [0, 0, 1, 0], plus: [0, 0, 0, 0] },
      "seed-1/a": { far: [1, 1, 0, 0], plus: [0, 0, 0, 0] },
      "seed-2/a": { far: [1, 0, 1, null], plus: [0, 0, 0, 0] },
    },
  )
  // 4 of 7 pairs differ; the smaller row has 3 questions.
  expect(columns!["far/test"]).toEqual({
    minimumDetectableEffect: minimumDetectableEffect(3, Math.sqrt(4 / 7)),
    published: references,
  })
  expect(columns!["plus/test"]).toEqual({})
  expect(selection).toMatch(/none was chosen by its score/)
})
