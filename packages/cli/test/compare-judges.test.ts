/** Judges side by side on the same trajectories, as people meet them: real processes, a scripted policy, GSM8K's own score. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"
import { appleTasks } from "./apple-tasks.ts"

const directory = temporaryFolder({
  "data/test.jsonl": appleTasks,
  "data/train.jsonl": appleTasks,
  "policy.jsonl": jsonLines([
    { match: "Ann has", replies: ["<math_exp>2 + 3</math_exp>", "<answer>5</answer>"] },
    { match: "Ben has", replies: ["<math_exp>40 * 2</math_exp>", "<answer>80</answer>"] },
    { match: "Chi has", reply: "<answer>15</answer>" },
  ]),
})
const swirl = swirlIn(directory)
const run = ["--data", "data", "--run", "run"]
const compare = ["judge", ...run, "--judge", "grounded,consensus", "--calibrate"]

beforeAll(async () => {
  const policy = ["--model", "script:policy.jsonl", "--split", "train", "--samples", "3"]
  expect((await swirl("generate", "gsm8k", ...run, ...policy)).code).toBe(0)
}, 60_000)

test("several judges are compared by what they keep, at each threshold, where no oracle knows the benchmark", async () => {
  const { json, code } = await swirl(...compare, "--json")
  expect(code).toBe(0)
  expect(json).toMatchObject({ judge: "grounded", judged: 15, calibration: [] })
  expect(json.judges.map((each: { judge: string }) => each.judge)).toEqual(["grounded", "consensus"])
  const all = { benchmark: "bench-gsm8k/gsm8k", trajectories: 9, questions: 3, right: 6, oracle: false }
  const none = { value: 0, low: 0, high: expect.any(Number) }
  expect(json.compared).toMatchObject([
    { ...all, judge: "grounded", settings: {}, kept: 6, keptRight: 3, precision: { value: 0.5 }, unscored: none },
    { ...all, judge: "consensus", settings: { agree: 2 }, kept: 9, keptRight: 6, recall: { value: 1 }, unscored: none },
    { ...all, judge: "consensus", settings: { agree: 3 }, kept: 9, precision: { value: 6 / 9 }, unscored: none },
    { ...all, judge: "consensus", settings: { agree: 4 }, kept: 0, recall: none, unscored: { value: 1 } },
  ])
  expect(json.compared[3]).not.toHaveProperty("precision")
  const again = await swirl(...compare)
  expect(again.stdout).toMatch(/^bench-gsm8k\/gsm8k: 9 trajectories of 3 questions, 6 right/m)
  // What is unscored on record is not asked for again by who only compares.
  expect(existsSync(join(directory, "run", "attempts.jsonl"))).toBe(false)
  expect(again.stdout).toMatch(/^consensus agree 4 +0 +– +0\.0 % \(0\.0 to .*100\.0 % \(/m)
}, 60_000)

test("what was compared is on record: a filter follows any of the thresholds without judging again", async () => {
  const filter = ["filter", ...run, "--judge", "consensus", "--judge-option", "agree=2", "--json"]
  expect((await swirl(...filter)).json).toMatchObject({ kept: 9, keptRight: 6, unscored: 0 })
}, 60_000)

test("several judges are for comparing alone, and one judge's options are no other's", async () => {
  const several = await swirl("judge", ...run, "--judge", "grounded,consensus")
  expect([several.code, several.stderr]).toEqual([2, expect.stringContaining("--judge names 2 judges")])
  const options = await swirl(...compare, "--judge-option", "agree=2")
  expect([options.code, options.stderr]).toEqual([
    2,
    expect.stringContaining("The options agree are those of one judge"),
  ])
  const unknown = await swirl("judge", ...run, "--judge", "grounded,consensos", "--calibrate")
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean "consensus"')])
}, 60_000)
