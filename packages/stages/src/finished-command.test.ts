/** A finished command given again says what it said, reads nothing, and notices everything that it goes by. */
import { cpSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { SwirlError, type Trajectory } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { beforeEach, expect, test } from "vitest"
import { divided, generation, world } from "../test/divided.ts"
import type { StageContext } from "./context.ts"
import { generate } from "./generate/generate.ts"
import { judge } from "./judge/judge.ts"

let data = ""
beforeEach(() => {
  data = join(temporaryFolder({ "towns.json": "22 towns" }), "towns.json")
  Object.assign(world, { tasks: 22, judged: 0, loads: 0, files: [data], fails: () => false })
})

const code = { codeVersion: () => "1.0.0" }
const asked = (directory: string, more: Partial<StageContext> = {}) =>
  generate(divided(directory, { ...code, ...more }), generation)

/** A folder in which both have finished, and how to ask them again, with how often the tasks were read for it. */
async function finished() {
  const directory = temporaryFolder()
  const context = divided(directory, code)
  const made = await asked(directory)
  const judged = await judge(context, { judge: "votes" })
  world.loads = 0
  const trajectories = join(directory, "trajectories.jsonl")
  return { directory, context, made, judged, trajectories }
}

test("each says again what it said, and no task is read", async () => {
  const { directory, context, made, judged } = await finished()
  expect(await asked(directory)).toEqual({ ...made, reused: 44, seconds: expect.any(Number) })
  const again = await judge(context, { judge: "votes" })
  expect(again).toMatchObject({ trajectories: 44, judged: 0, skipped: judged.judged, stale: 0 })
  expect(world.loads).toBe(0)
})

test("an edit that leaves size and time of change as they were is noticed", async () => {
  const { directory, trajectories } = await finished()
  const { atime, mtime } = statSync(trajectories)
  const text = readFileSync(trajectories, "utf8")
  writeFileSync(trajectories, text.replace('"answered"', '"answerED"'))
  utimesSync(trajectories, atime, mtime)
  await expect(asked(directory)).rejects.toThrow(/trajectories\.jsonl, line 1 .* is not a record that can be read/)
})

test("a torn last line is made again, and then it has finished once more", async () => {
  const { directory, trajectories, made } = await finished()
  const before = readFileSync(trajectories, "utf8")
  truncateSync(trajectories, statSync(trajectories).size - 9)
  expect(await asked(directory)).toMatchObject({ reused: 43, trajectories: 44 })
  expect(readFileSync(trajectories, "utf8")).toBe(before)
  world.loads = 0
  expect(await asked(directory)).toMatchObject({ reused: 44, answered: made.answered })
  expect(world.loads).toBe(0)
})

test("other data are refused as ever; the same data in a file that was touched are read again", async () => {
  const { directory } = await finished()
  writeFileSync(data, "22 towns")
  expect(await asked(directory)).toMatchObject({ reused: 44 })
  expect(world.loads).toBeGreaterThan(0)
  world.tasks = 21
  writeFileSync(data, "21 towns")
  await expect(asked(directory)).rejects.toThrow(SwirlError)
})

test.each<[string, Partial<StageContext>]>([
  ["another version of the command", { codeVersion: () => "1.0.1" }],
  ["another text of a plugin", { pluginTexts: { atlas: "0123" } }],
  ["nobody who knows the code", { codeVersion: undefined }],
])("%s looks through everything", async (_what, more) => {
  const { directory } = await finished()
  expect(await asked(directory, more)).toMatchObject({ reused: 44 })
  expect(world.loads).toBeGreaterThan(0)
})

test("a benchmark that does not say what it reads is always read", async () => {
  world.files = undefined
  const { directory } = await finished()
  expect(await asked(directory)).toMatchObject({ reused: 44 })
  expect(world.loads).toBeGreaterThan(0)
})

test("a copied folder is looked through once, and what failed is tried again", async () => {
  const { directory } = await finished()
  const copy = join(temporaryFolder(), "copy")
  cpSync(directory, copy, { recursive: true })
  expect(await asked(copy)).toMatchObject({ reused: 44 })
  expect(world.loads).toBeGreaterThan(0)
  const other = temporaryFolder()
  world.fails = (question) => question.includes("number 3 ?")
  expect(await asked(other)).toMatchObject({ errors: 2 })
  expect(readdirSync(other)).not.toContain(".finished")
  world.fails = () => false
  expect(await asked(other)).toMatchObject({ errors: 0, reused: 42 })
  const records = readFileSync(join(other, "trajectories.jsonl"), "utf8").trim().split("\n")
  expect(records.every((line) => (JSON.parse(line) as Trajectory).status !== "error")).toBe(true)
})

test("a broken note is no note", async () => {
  const { directory } = await finished()
  for (const name of readdirSync(join(directory, ".finished")))
    writeFileSync(join(directory, ".finished", name), '{"half')
  expect(await asked(directory)).toMatchObject({ reused: 44 })
  expect(world.loads).toBeGreaterThan(0)
})
