/** An experiment file that names what does not exist: every name is told at once, before anything is written. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const good = {
  policy: "nano",
  judge: "grounded",
  cells: ["calc/test"],
  trainings: [{ name: "t", train: ["calc"], filter: "process" }],
}
const tried = async (given: unknown, ending = "json") => {
  const text = typeof given === "string" ? given : JSON.stringify(given)
  const folder = temporaryFolder({ [`mine.${ending}`]: text })
  const { code, stdout, stderr } = await swirlIn(folder)("matrix", `mine.${ending}`, "--run", "run")
  expect([code, stdout, existsSync(join(folder, "run"))]).toEqual([2, "", false])
  return stderr
}

test("every name that does not exist is told with its field and what was meant, and no folder is made", async () => {
  const wrong = await tried({
    policy: "nanno",
    judge: "ground",
    engine: "locl",
    actionFormat: "tag",
    cells: ["calc/tset", "clac/test"],
    references: [{ name: "other", policy: "local:./nowhere" }],
    trainings: [
      { name: "a", train: ["clac"], filter: "proces", algorithm: "swril" },
      { name: "b", train: ["calc"], filter: "proces", judge: "frm", options: { iteratons: 3 } },
    ],
  })
  expect(wrong.split("\n")).toEqual([
    "The experiment mine.json names what cannot be used:",
    expect.stringMatching(/^ {2}policy: There is no model provider "nanno" .*"nano"\?/),
    expect.stringMatching(/^ {2}actionFormat: There is no action format "tag"\. Did you mean "tags"\?/),
    expect.stringMatching(/^ {2}cells\.0: .*no split "tset"\. Did you mean "test"\? It has train, development/),
    expect.stringMatching(/^ {2}cells\.1 \(and 1 more\): There is no benchmark "clac"\. Did you mean "calc"\?/),
    expect.stringMatching(/^ {2}references\.0\.policy: There is no model folder .*nowhere/),
    expect.stringMatching(/^ {2}judge: There is no judge "ground"\. Did you mean "grounded"\?/),
    expect.stringMatching(/^ {2}engine: There is no engine "locl"\. Did you mean "local"\?/),
    expect.stringMatching(
      /^ {2}trainings\.0\.filter \(and 1 more\): There is no filter "proces"\. Did you mean "process"\?/,
    ),
    expect.stringMatching(/^ {2}trainings\.0\.algorithm: There is no algorithm "swril"\. Did you mean "swirl"\?/),
    expect.stringMatching(/^ {2}trainings\.1\.judge: There is no judge "frm"\. Did you mean "form"\?/),
    expect.stringMatching(/^ {2}trainings\.1\.options: .*iteratons/),
    "",
  ])
}, 30_000)

test.each([
  ["an unknown key", { ...good, generaton: {} }, '"generaton" is unknown. Did you mean "generation"?'],
  [
    "one inside",
    { ...good, evaluation: { questions: 2, question: 3 } },
    '"evaluation" cannot be used: "question" is unknown. Did you mean "questions"?',
  ],
  ["a seed twice", { ...good, seeds: [1, 1] }, '"seeds" cannot be used: something stands in it twice'],
  ["two rows of one name", { ...good, references: [{ name: "t", policy: "nano" }] }, 'two of its rows are called "t"'],
  ["nothing that it needs", {}, '"policy" is missing; "judge" is missing; "cells" is missing; "trainings" is missing'],
])(
  "the shape of the file is told: %s",
  async (_, given, problem) => {
    expect(await tried(given)).toBe(
      `The experiment mine.json cannot be run: ${problem}${problem.endsWith("?") ? "" : problem.endsWith('"t"') ? "; give each its own name." : "."}\n`,
    )
  },
  30_000,
)

test("what stands there twice under two names is told", async () => {
  const wrong = await tried({
    ...good,
    cells: ["calc/test", "lookup/test", "calc/test@0", "bench-sandbox/calc/test"],
    trainings: [{ name: "t", train: ["calc", "bench-sandbox/calc"], filter: "process" }],
  })
  expect(wrong.split("\n").slice(1)).toEqual([
    "  cells.2 (and 1 more): it is calc/test once more; measure each cell once.",
    "  trainings.0.train.1: it is calc once more; its trajectories would count twice.",
    "",
  ])
}, 30_000)

test("a file that is no experiment is told with its line", async () => {
  expect(await tried("{ ", "json")).toMatch(/^The experiment .*mine\.json could not be loaded: /)
  expect(await tried("export default {", "ts")).toMatch(/could not be loaded: line 1: /)
}, 30_000)

test("what a judge cannot be made with is told before anything runs", async () => {
  expect(await tried({ ...good, judgeOptions: { noize: 1 } })).toContain(
    '  judge, judgeOptions: Options of judge grounded: there is no option "noize". Did you mean "noise"?',
  )
  expect(await tried({ ...good, judge: "llm" })).toContain("  judge: Judge llm needs a model: --judge-model")
  const measuredOnly = { ...good, trainings: [], evaluation: { questions: 2, judged: 1 } }
  expect(await tried({ ...measuredOnly, judge: "llm" })).toContain("  judge: Judge llm needs a model: --judge-model")
}, 30_000)
