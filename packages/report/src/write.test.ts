import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { fixture } from "../test/fixture.ts"
import { fullMatrix } from "../test/full-matrix.ts"
import { collectReport } from "./collect.ts"
import { writeReport } from "./write.ts"

test("the matrix of a folder stands beside its page as CSV, Markdown and LaTeX, one of one table", async () => {
  const directory = temporaryFolder()
  await writeFile(join(directory, "matrix.json"), JSON.stringify(fullMatrix))
  const path = await writeReport(directory, await collectReport(directory, { title: "Run #1" }))
  expect(path).toBe(join(directory, "report", "index.html"))
  const report = join(directory, "report")
  expect((await readdir(report)).sort()).toEqual([
    ...["index.html", "matrix-over-seeds.csv", "matrix.csv", "matrix.md", "matrix.tex"],
  ])
  const [csv, markdown, latex] = await Promise.all(
    ["csv", "md", "tex"].map((ending) => readFile(join(report, `matrix.${ending}`), "utf8")),
  )
  expect(csv).toContain("swirl-calc-process,training,7,calc,process,swirl,grounded,,false,calc/test,own,0.707,")
  expect(markdown).toContain("| swirl-calc-process #7 | 70.7 | ▲ | +47.7 |")
  expect(latex).toContain("swirl-calc-process \\#7 & 70.7 & $\\uparrow$ & +47.7 &")
})

test("where nothing was evaluated there is a page alone", async () => {
  const directory = temporaryFolder()
  await writeReport(directory, { ...fixture(), matrix: undefined })
  expect(await readdir(join(directory, "report"))).toEqual(["index.html"])
})
