import type { Budget } from "@swirl-ts/core"
import { describe, expect, test } from "vitest"
import { demoExperiment } from "./demo.ts"
import { crossTrainings, defineExperiment } from "./experiment.ts"
import { planJobs } from "./plan.ts"

const experiment = defineExperiment({
  policy: "nano",
  judge: "grounded",
  seeds: [1, 2],
  cells: ["calc/test", "calc/test@1"],
  trainings: [
    ...crossTrainings(["calc", "lookup"], ["none", "process"]),
    { name: "both", train: ["calc", "lookup"], filter: "process", judge: "plan" },
  ],
  references: [{ name: "clean", policy: "local:./clean" }],
})

describe("plan", () => {
  test("every job comes after what it needs, once, and measures base and references once", () => {
    const jobs = planJobs(experiment)
    const seen = new Set<string>()
    for (const job of jobs) {
      for (const need of job.needs) expect(seen).toContain(need)
      expect(seen).not.toContain(job.id)
      seen.add(job.id)
    }
    expect(jobs.filter((job) => job.kind === "generate")).toHaveLength(4)
    expect(jobs.filter((job) => job.kind === "train")).toHaveLength(10)
    // Ten trainings, base and reference, and the base again with the second seed where it is sampled.
    expect(jobs.filter((job) => job.kind === "evaluate")).toHaveLength(13)
  })

  test("benchmarks whose names make one folder are generated in a folder each, and every training has its own", () => {
    const jobs = planJobs({
      ...experiment,
      seeds: [1],
      trainings: crossTrainings(["own/a", "own-a", "OWN.A"], ["none"]),
    })
    const folders = jobs.flatMap((job) => (job.kind === "generate" ? [job.folder] : []))
    expect(folders).toEqual(["seed-1/own-a", expect.stringMatching(/^seed-1\/own-a-[0-9a-f]{8}$/), "seed-1/OWN.A"])
    expect(jobs.flatMap((job) => (job.kind === "train" ? job.sources : []))).toEqual(folders)
  })

  test("the base is measured once where it is greedy, and with every seed where it is sampled", () => {
    const bases = (cells: string[]) =>
      planJobs({ ...experiment, seeds: [1, 2, 3], cells }).flatMap((job) =>
        job.kind === "evaluate" && job.row === "base" ? [[job.folder, job.seed, job.sampledOnly]] : [],
      )
    expect(bases(["calc/test"])).toEqual([["base", 1, undefined]])
    expect(bases(["calc/test", "calc/test@1"])).toEqual([
      ["base", 1, undefined],
      ["seed-2/base", 2, true],
      ["seed-3/base", 3, true],
    ])
    expect(bases(["calc/test@none"])).toHaveLength(3)
  })

  test("jobs of one folder come one after another, whatever trainings, references and benchmarks are called", () => {
    const row = { filter: "none", name: "lookup", train: ["calc"] }
    const jobs = planJobs({
      ...experiment,
      trainings: defineExperiment({
        ...experiment,
        trainings: [row, { ...row, name: "t", train: ["lookup"] }, { ...row, name: "t2", train: ["base"] }],
      }).trainings,
    })
    const before = (id: string): string[] => {
      const { needs, after = [] } = jobs.find((job) => job.id === id)!
      return [...needs, ...after].flatMap((each) => [each, ...before(each)])
    }
    for (const [place, { id, folder }] of jobs.entries())
      for (const earlier of jobs.slice(0, place))
        if (earlier.folder === folder) expect(before(id), `${id} after ${earlier.id}`).toContain(earlier.id)
  })

  test("a training waits for its own judge's verdicts on each of its sources", () => {
    const both = planJobs(experiment).find((job) => job.id === "train both seed 2")
    expect(both?.needs).toEqual(["judge calc plan seed 2", "judge lookup plan seed 2"])
  })

  test("one judge with other options is another judge, and each training waits for its own", () => {
    const row = { train: ["calc"], filter: "process" }
    const jobs = planJobs(
      defineExperiment({
        policy: "nano",
        judge: "llm",
        judgeOptions: { model: "script:a" },
        seeds: [1],
        cells: ["calc/test"],
        trainings: [
          { ...row, name: "a" },
          { ...row, name: "b", judge: "llm", judgeOptions: { model: "script:b" } },
          { ...row, name: "c", judge: "grounded" },
        ],
      }),
    )
    const judges = jobs.filter((job) => job.kind === "judge")
    expect(judges.map((job) => job.judge)).toEqual([
      { judge: "llm", options: { model: "script:a" } },
      { judge: "llm", options: { model: "script:b" } },
      { judge: "grounded", options: {} },
    ])
    const waits = jobs.flatMap((job) => (job.kind === "train" ? [job.needs] : []))
    expect(waits).toEqual(judges.map((job) => [job.id]))
  })
})

describe("experiment", () => {
  test("trainings can be crossed with budgets, which their names say", () => {
    const crossed = crossTrainings(["calc"], ["none", "process"], "swirl", [{ trajectories: 500 }, { states: 1500 }])
    expect(crossed.map(({ name, budget }) => [name, budget])).toEqual([
      ["swirl-calc-none-t500", { trajectories: 500 }],
      ["swirl-calc-none-s1500", { states: 1500 }],
      ["swirl-calc-process-t500", { trajectories: 500 }],
      ["swirl-calc-process-s1500", { states: 1500 }],
    ])
    expect(crossTrainings(["calc"], ["none"]).map(({ name }) => name)).toEqual(["swirl-calc-none"])
    const withBudget = (budget: Budget) => () =>
      defineExperiment({
        ...{ policy: "nano", judge: "g", cells: ["calc/test"] },
        trainings: crossTrainings(["calc"], ["none"], "swirl", [budget]),
      })
    expect(withBudget({ trajectories: 1, states: 1 })).toThrow(
      /"trainings\.0\.budget" cannot be used: a budget is \{ trajectories: 500 \} or \{ states: 1500 \}/,
    )
    expect(withBudget({ states: 0 })).toThrow(/^The experiment cannot be run: "trainings\.0\.budget\.states" .*is 0\.$/)
    const fault = (budget: object) => withBudget(budget as Budget)
    expect(fault({ states: "5" })).toThrow(/one of the two; "states" is the text "5", no whole number above 0\.$/)
    expect(fault({ trajectories: 1.5 })).toThrow(/; "trajectories" is the number 1\.5, no whole number above 0\.$/)
    expect(fault({ state: 5 })).toThrow(/; "state" is unknown\. Did you mean "states"\?$/)
  })

  test("faults are said in sentences, with where they are", () => {
    expect(() => defineExperiment({ policy: "nano", judge: "g", cells: ["calc"], trainings: [] })).toThrow(
      /"cells\.0" cannot be used: a cell is/,
    )
    const row = { name: "same", train: ["calc"], filter: "none" }
    expect(() => defineExperiment({ policy: "nano", judge: "g", cells: ["calc/test"], trainings: [row, row] })).toThrow(
      /called "same"/,
    )
    expect(() =>
      defineExperiment({ policy: "nano", judge: "g", cells: ["calc/test"], trainings: [{ ...row, name: "base" }] }),
    ).toThrow(/called "base"/)
    expect(() =>
      defineExperiment({
        ...{ policy: "nano", judge: "g", cells: ["calc/test"] },
        trainings: [{ ...row, judgeOptions: { votes: 3 } }],
      }),
    ).toThrow(/"trainings\.0\.judgeOptions" cannot be used: .*"judge"/)
    for (const name of ["../outside", "a/b", ".."])
      expect(() =>
        defineExperiment({
          ...{ policy: "nano", judge: "g", cells: ["calc/test"], trainings: [] },
          references: [{ name, policy: "nano" }],
        }),
      ).toThrow(/"references\.0\.name" cannot be used: .*folder/)
  })

  test("the demo measures five greedy cells of 300 questions; --full adds seeds, temperature 1 and labelled extras", () => {
    const short = demoExperiment({ seed: 7, full: false })
    expect(short.cells).toHaveLength(5)
    expect(short.evaluation.questions).toBe(300)
    expect(short.trainings.map((row) => `${row.algorithm} ${row.train} ${row.filter}`)).toEqual([
      "swirl calc process",
      "swirl calc none",
      "swirl lookup process",
      "sft calc process",
    ])
    const full = demoExperiment({ seed: 7, full: true, cleanBase: "clean" })
    expect(full.seeds).toEqual([7, 8, 9])
    expect(full.cells.filter((cell) => cell.endsWith("@1"))).toHaveLength(5)
    expect(full.trainings.map((row) => row.judge).filter(Boolean)).toEqual(["form", "plan"])
  })
})
