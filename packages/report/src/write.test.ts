import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { metrics, sample } from "../test/fixture.ts"
import { fullMatrix } from "../test/full-matrix.ts"
import { dataNames, readViewerFolder } from "../test/viewer-folder.ts"
import { findings } from "./findings.ts"
import { matrixTables } from "./tables/matrix-tables.ts"
import { writeReport } from "./write.ts"

const run = {
  schema: "swirl.run/1",
  id: "abc",
  createdAt: "2026-11-23T00:00:00.000Z",
  spec: {},
  specHash: "ff",
  digests: {},
  gitRevision: "0123abc",
  machine: { host: "here", cores: 2 },
}
const notes = {
  title: "tiny: nano, judge grounded",
  remarks: ["Part of the gain undoes habits."],
  commands: ["npm run demo -- --seed 7"],
  provenance: { backend: "wasm" },
}

test("the matrix of a folder stands beside the viewer as CSV, Markdown and LaTeX, one of one table", async () => {
  const directory = temporaryFolder({ "matrix.json": fullMatrix })
  const { path } = await writeReport(directory, { title: "Run #1" })
  expect(path).toBe(join(directory, "report", "index.html"))
  const report = join(directory, "report")
  expect((await readdir(report)).sort()).toEqual([
    ...["data", "index.html", "licenses.md", "matrix-over-seeds.csv", "matrix.csv", "matrix.md", "matrix.tex"],
    ...["viewer.css", "viewer.js"],
  ])
  const [csv, markdown, latex] = await Promise.all(
    ["csv", "md", "tex"].map((ending) => readFile(join(report, `matrix.${ending}`), "utf8")),
  )
  expect(csv).toContain("swirl-calc-process,training,7,calc,process,swirl,grounded,,false,calc/test,own,0.707,")
  expect(markdown).toContain("| swirl-calc-process #7 | 70.7 | ▲ | +47.7 |")
  expect(latex).toContain("swirl-calc-process \\#7 & 70.7 & $\\uparrow$ & +47.7 &")
})

test("an experiment's report has its matrix, its tables, and the run folders of its jobs", async () => {
  const { trajectory, verdicts } = sample("a", "how much ?", [["2", "good", "so"]])
  const oracle = verdicts.map((each) => ({ ...each, id: "key", judge: "kit/key", oracle: true }))
  const directory = temporaryFolder({
    "matrix.json": fullMatrix,
    "seed-7/calc/trajectories.jsonl": jsonLines([trajectory]),
    "seed-7/calc/verdicts.jsonl": jsonLines([...verdicts, ...oracle]),
    "seed-7/swirl-calc-none/run.json": run,
    "seed-7/swirl-calc-none/train/swirl-calc-none/metrics.jsonl": jsonLines(metrics(40, true)),
  })
  await writeReport(directory)
  const { summary } = readViewerFolder(join(directory, "report"))
  expect(summary.headline).toEqual(findings(summary.matrix))
  expect(summary.tables).toEqual(JSON.parse(JSON.stringify(matrixTables(summary.matrix!))))
  expect(summary.captions.length).toBeGreaterThan(2)
  expect(summary.runs.map(({ folder }) => folder)).toEqual(["seed-7/calc", "seed-7/swirl-calc-none"])
  expect(summary.trainings).toMatchObject([
    { name: "seed-7/swirl-calc-none", run: 1, alarms: [{ step: 20, kind: "gaming" }] },
  ])
  expect(summary.trainings[0]!.metrics).toHaveLength(41)
  expect(summary.calibration).toMatchObject([{ oracle: "kit/key", task: "seed-7/calc", n: 1 }])
  expect(summary.provenance).toMatchObject({ run: "abc", "git revision": "0123abc", machine: "host here, cores 2" })
})

test("what the experiment's command said stays, whoever writes the report again", async () => {
  const directory = temporaryFolder({ "matrix.json": fullMatrix })
  await writeReport(directory, { notes })
  const { summary } = await writeReport(directory)
  expect(summary).toMatchObject({ title: notes.title, commands: notes.commands, provenance: { backend: "wasm" } })
  expect(summary.headline.at(-1)).toBe("Part of the gain undoes habits.")
})

test("the report of a matrix is not replaced by one of what is left when the matrix is gone", async () => {
  const directory = temporaryFolder({ "matrix.json": fullMatrix })
  await writeReport(directory, { notes })
  const before = dataNames(join(directory, "report"))
  await rm(join(directory, "matrix.json"))
  await expect(writeReport(directory)).rejects.toThrow(/matrix\.json is gone: the report stays as it is/)
  expect(dataNames(join(directory, "report"))).toEqual(before)
  await writeFile(join(directory, "matrix.json"), "{}")
  await expect(writeReport(directory)).rejects.toThrow(
    /matrix\.json is not a record that can be read.* Make it again with swirl matrix/,
  )
  expect(dataNames(join(directory, "report"))).toEqual(before)
})

test("where nothing was evaluated, or nothing is there, the viewer says so", async () => {
  for (const folder of [temporaryFolder(), join(temporaryFolder(), "nothing")]) {
    const { summary } = await writeReport(folder)
    expect(summary.headline).toEqual(["This run was not evaluated yet: there is no accuracy to show."])
    expect(summary).toMatchObject({
      tables: [],
      captions: [],
      groups: [],
      pages: { samples: { count: 0, starts: [] } },
    })
    expect(summary).not.toHaveProperty("matrix", expect.anything())
    expect(await readdir(join(folder, "report"))).toContain("index.html")
  }
})
