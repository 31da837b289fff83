import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { EvalSample, VerdictRecord } from "@swirl-ts/core"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { beforeEach, describe, expect, it } from "vitest"
import { fixture, sample } from "../test/fixture.ts"
import { parse } from "../test/parse.ts"
import { collectReport } from "./collect.ts"
import { findings } from "./findings.ts"
import { renderReport } from "./render.ts"
import { writeReport } from "./write.ts"

let directory: string
beforeEach(() => {
  directory = temporaryFolder()
})

async function put(path: string, content: string): Promise<void> {
  const file = join(directory, path)
  await mkdir(join(file, ".."), { recursive: true })
  await writeFile(file, content)
}

const story = (id: string, verdicts: readonly ("good" | "bad" | "unscored")[]) =>
  sample(
    id,
    "",
    `question of ${id}`,
    verdicts.map(
      (verdict, index) =>
        [`<m> ${index} </m>`, verdict, `reason ${index}`, ...(index === verdicts.length - 1 ? [] : ["1"])] as never,
    ),
  )
const oracle = (records: readonly VerdictRecord[], verdict: VerdictRecord["verdict"]): VerdictRecord[] =>
  records.map((record) => ({ ...record, id: `key-${record.id}`, judge: "kit/key", oracle: true, verdict }))
const evaluated = (id: string, accuracy: number | undefined, policy = "nano"): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${policy}-${id}`,
  taskId: id,
  trajectoryId: id,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  policy,
  temperature: 0,
  primaryMetric: "accuracy",
  status: accuracy === undefined ? "error" : "scored",
  metrics: accuracy === undefined ? {} : { accuracy },
})

/** Two judged trajectories, one of them wrong although every step was called good, and one that was not judged. */
async function writeRun(at = ""): Promise<void> {
  const [fooled, right, alone] = [
    story("fooled", ["good", "good"]),
    story("right", ["good", "bad"]),
    story("alone", ["good"]),
  ]
  const judged = [...fooled.verdicts, ...right.verdicts]
  await put(`${at}trajectories.jsonl`, jsonLines([fooled, right, alone].map((each) => each.trajectory)))
  await put(
    `${at}verdicts.jsonl`,
    jsonLines([...judged, ...oracle(fooled.verdicts, "bad"), ...oracle(right.verdicts, "good")]),
  )
  await put(
    `${at}eval/nano-0a0b0c0d/calc.jsonl`,
    jsonLines([evaluated("fooled", 0), evaluated("right", 1), evaluated("lost", undefined)]),
  )
}

describe("collecting a report", () => {
  it("reads samples, verdicts, outcomes, calibration and counts of a run", async () => {
    await writeRun()
    const data = await collectReport(directory)
    expect(data.samples.map(({ label, correct, trajectory }) => [label, correct, trajectory.id])).toEqual([
      ["judge fooled", false, "fooled"],
      ["right", true, "right"],
      ["not judged", undefined, "alone"],
    ])
    expect(data.samples[0]!.verdicts.map(({ judge }) => judge).filter((judge) => judge === "kit/key")).toHaveLength(2)
    expect(data.calibration).toMatchObject([
      { oracle: "kit/key", n: 4, falsePositiveRate: { count: 2, n: 2 }, falseNegativeRate: { count: 1, n: 2 } },
    ])
    expect(data.counts).toMatchObject({
      trajectories: 3,
      steps: 5,
      evaluationSamples: 3,
      "evaluation error": 1,
      verdictsGood: 5,
      verdictsBad: 3,
    })
    expect(data.matrix!.rows).toMatchObject([
      { name: "nano", kind: "reference", cells: { "calc/test": { accuracy: 0.5, n: 2, unscored: 1 } } },
    ])
    parse(renderReport(data))
  })

  it("has the questions as the sample where they were asked several times, and counts those at a limit", async () => {
    const epochs = [0, 1, 2, 3].flatMap((epoch) =>
      [0, 1, 1, 1].map((accuracy, question) => ({
        ...evaluated(`test/${question}`, accuracy),
        id: `${question}.${epoch}`,
        epoch,
        status: accuracy === 1 ? ("scored" as const) : ("limit" as const),
      })),
    )
    await put("trajectories.jsonl", "")
    await put("eval/nano/calc.jsonl", jsonLines(epochs))
    const [row] = (await collectReport(directory)).matrix!.rows
    // scipy.stats.binomtest(3, 4).proportion_ci(method="wilson")
    expect(row!.cells["calc/test"]).toEqual({
      accuracy: 0.75,
      n: 16,
      questions: 4,
      ci: [expect.closeTo(0.3006418426, 9), expect.closeTo(0.9544127392, 9)],
      limits: 4,
    })
    expect(renderReport(await collectReport(directory))).toContain("n = 4, 16 samples, 4 at a limit")
  })

  it("counts the questions that the policy has seen, each once", async () => {
    const leak = { kind: "id", seen: { benchmark: "bench-sandbox/calc", split: "train", use: "training" } } as const
    const samples = [0, 1].flatMap((epoch) => [
      { ...evaluated("test/0", 1), id: `seen.${epoch}`, epoch, leak },
      { ...evaluated("test/1", 0), id: `new.${epoch}`, epoch },
    ])
    await put("trajectories.jsonl", "")
    await put("eval/nano/calc.jsonl", jsonLines(samples))
    const report = await collectReport(directory)
    expect(report.matrix!.rows[0]!.cells["calc/test"]!.leaked).toBe(1)
    expect(renderReport(report)).toContain("1 leaked")
  })

  it("counts calls and errors of tools over all trajectories, generated and evaluated", async () => {
    const failing = story("failing", ["good", "good"]).trajectory
    const { call } = failing.steps[0]!
    failing.steps[0]!.observation = { text: "error: no connection\nat a line", isError: true }
    await put("trajectories.jsonl", jsonLines([failing, story("fine", ["good", "good"]).trajectory]))
    await put("eval/nano/calc-0.trajectories.jsonl", jsonLines([{ ...failing, id: "evaluated" }]))
    const { tools } = await collectReport(directory)
    expect(tools).toEqual([{ name: call!.tool, calls: 3, errors: 2, reasons: { "no connection": 2 } }])
  })

  it("shows an evaluated trajectory with the verdicts that stand beside its evaluation", async () => {
    const { trajectory, verdicts } = story("shown", ["good", "bad"])
    await put("trajectories.jsonl", "")
    await put("eval/nano/calc.jsonl", jsonLines([evaluated("shown", 1)]))
    await put("eval/nano/calc.trajectories.jsonl", jsonLines([trajectory]))
    await put("eval/nano/verdicts.jsonl", jsonLines(verdicts))
    const { samples } = await collectReport(directory)
    expect(samples.map((each) => each.verdicts.map(({ verdict }) => verdict))).toEqual([["good", "bad"]])
  })

  it("calibrates on the steps that a judge was asked about, as swirl judge --calibrate does", async () => {
    await writeRun()
    const fooled = story("fooled", ["good", "good"]).trajectory
    fooled.steps[0]!.kind = "malformed"
    const right = story("right", ["good", "bad"]).trajectory
    right.steps[1]!.finishReason = "length"
    await put("trajectories.jsonl", jsonLines([fooled, right]))
    expect((await collectReport(directory)).calibration).toMatchObject([{ oracle: "kit/key", n: 2 }])
  })

  it("reads an experiment: its matrix and the run folders of its jobs", async () => {
    await writeRun("seed-7/calc/")
    const { matrix, trainings } = fixture()
    const [base, ...rows] = matrix!.rows
    const file = {
      schema: "swirl.matrix/1",
      policy: "nano",
      judge: "grounded",
      cells: matrix!.columns,
      base: base!.cells,
      rows,
      questions: 300,
    }
    await put("matrix.json", JSON.stringify(file))
    await put("seed-7/swirl-calc-none/run.json", JSON.stringify(run))
    await put("seed-7/swirl-calc-none/train/swirl-calc-none/metrics.jsonl", jsonLines(trainings![1]!.metrics))
    const data = await collectReport(directory)
    expect(data.matrix!.rows.map(({ kind }) => kind)).toEqual(["base", ...rows.map(() => "training")])
    expect(data.trainings).toMatchObject([{ name: "seed-7/swirl-calc-none", alarms: [{ step: 20, kind: "gaming" }] }])
    expect(data.trainings[0]!.metrics).toHaveLength(41)
    expect(data.calibration[0]!.task).toBe("seed-7/calc")
    expect(data.provenance).toMatchObject({ run: "abc", "git revision": "0123abc", machine: "host here, cores 2" })
    expect(data.headline).toEqual(findings(data.matrix))
    expect(data.headline[0]).toBe("4 of 5 trainings clearly improved a task they were trained on.")
    expect(data.headline[1]).toMatch(/^Gamed, by the run's own alarm: swirl-calc-none\./)
    parse(renderReport(data))
  })

  it("shows the same few samples whatever the order, with kinds taking turns", async () => {
    const many = Array.from({ length: 40 }, (_, i) => story(`t${i}`, i % 4 === 0 ? ["bad"] : ["good"]))
    const ids = async (order: typeof many) => {
      await put("trajectories.jsonl", jsonLines(order.map((each) => each.trajectory)))
      await put("verdicts.jsonl", jsonLines(order.flatMap((each) => each.verdicts)))
      const { samples } = await collectReport(directory, { samples: 6 })
      return samples.map(({ label, trajectory }) => `${label} ${trajectory.id}`)
    }
    const forwards = await ids(many)
    expect(forwards).toHaveLength(6)
    expect(forwards.filter((text) => text.startsWith("judged good"))).toHaveLength(3)
    expect(await ids(many.toReversed())).toEqual(forwards)
  })

  it("makes a report of an empty folder and of one that is not there", async () => {
    for (const folder of [directory, join(directory, "nothing")]) {
      const data = await collectReport(folder)
      expect(data.headline).toEqual(["This run was not evaluated yet: there is no accuracy to show."])
      parse(renderReport(data))
    }
  })

  it("passes over a torn last line and names a broken one", async () => {
    const whole = jsonLines([story("a", ["good"]).trajectory])
    await put("trajectories.jsonl", `${whole}{"schema":"swirl.traj`)
    expect((await collectReport(directory)).counts.trajectories).toBe(1)
    await put("trajectories.jsonl", `{"schema":"swirl.traj\n${whole}`)
    await expect(collectReport(directory)).rejects.toThrow(/trajectories\.jsonl, line 1/)
    await rm(join(directory, "trajectories.jsonl"))
    await put("matrix.json", "{}")
    await expect(collectReport(directory)).rejects.toThrow(
      /matrix\.json is not a record that can be read.* Make it again with swirl matrix/,
    )
  })
})

const run = {
  schema: "swirl.run/1",
  id: "abc",
  createdAt: "2026-11-23T00:00:00.000Z",
  spec: { generate: { seed: 7 } },
  specHash: "ff",
  digests: {},
  gitRevision: "0123abc",
  machine: { host: "here", cores: 2 },
}

describe("writing a report", () => {
  it("puts it into report/index.html and says where", async () => {
    const path = await writeReport(directory, fixture())
    expect(path).toBe(join(directory, "report", "index.html"))
    expect(await readFile(path, "utf8")).toBe(renderReport(fixture()))
  })

  it("leaves the old report where the new one cannot be made", async () => {
    const path = await writeReport(directory, fixture())
    await expect(writeReport(directory, { ...fixture(), headline: 7 } as never)).rejects.toThrow()
    expect(await readFile(path, "utf8")).toBe(renderReport(fixture()))
  })
})
