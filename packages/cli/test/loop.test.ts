/** The loop as people meet it: real processes in an empty folder, a scripted model, small official files. */
import { existsSync } from "node:fs"
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { applesOf } from "./apple-tasks.ts"

const tasks = applesOf(4)
const directory = temporaryFolder({
  "data/test.jsonl": tasks,
  "data/train.jsonl": tasks,
  "data/other.jsonl": tasks.replaceAll("apples", "pears"),
  "script.jsonl": jsonLines([
    { match: "Ann has", replies: ["I add. <math_exp>2 + 3</math_exp>", "<answer>5</answer>"] },
    { match: "Ben has", replies: ["<math_exp>40 + 2</math_exp>", "<answer>41</answer>"] },
    { match: "Chi has", reply: "<answer>15</answer>" },
    { reply: "I cannot say" },
  ]),
})
const swirl = swirlIn(directory)

/** Trajectories of the one policy that was evaluated in a run folder. */
async function records(run: string) {
  const root = join(directory, run, "eval")
  const [policy = ""] = await readdir(root)
  const text = await readFile(join(root, policy, "bench-gsm8k-gsm8k.trajectories.jsonl"), "utf8")
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
}

describe("the loop with a scripted model", () => {
  const common = ["--data", "data", "--run", "runs/one", "--json"]
  const model = ["--model", "script:script.jsonl"]

  test("generate, judge, filter, eval and report; run again, nothing is done twice", async () => {
    const made = await swirl("generate", "gsm8k", ...common, ...model, "--split", "train")
    expect(made.code).toBe(0)
    expect(made.json).toMatchObject({ trajectories: 4, reused: 0, answered: 3, stepLimit: 1, errors: 0 })
    const again = await swirl("generate", "gsm8k", ...common, ...model, "--split", "train")
    expect(again.json).toMatchObject({ trajectories: 4, reused: 4 })

    const judged = (await swirl("judge", ...common)).json
    expect(judged.judged).toBe(judged.good + judged.bad)
    const kept = (await swirl("filter", ...common)).json
    expect(kept).toMatchObject({ total: 4, kept: 1, keptRight: 1, unscored: 0 })

    const evaluated = (await swirl("eval", "gsm8k", ...common, ...model)).json
    expect(evaluated.cells[0]).toMatchObject({ accuracy: 0.5, n: 4, answered: 3, limit: 1, errors: 0, unscored: 0 })
    const { report } = (await swirl("report", ...common.slice(2))).json
    expect(await readFile(report, "utf8")).toMatch(/^<!doctype html>/i)
  }, 60_000)

  test("other settings in the same folder are refused, naming the field", async () => {
    const { code, stderr } = await swirl(
      "generate",
      "gsm8k",
      ...common,
      ...model,
      "--split",
      "train",
      "--temperature",
      "0.5",
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/temperature was 1 and is 0\.5 now/)
  })

  test("a start that failed binds nobody: the corrected command runs in the same folder", async () => {
    const run = ["--run", "runs/corrected", "--json", ...model]
    for (const command of [
      ["generate", "--split", "train"],
      ["eval", "--split", "test"],
    ]) {
      const [name = "", ...split] = command
      const failed = await swirl(name, "gsm8k", ...split, ...run, "--data", "absent")
      expect(failed.stderr).toMatch(/no file or folder .*absent/)
      expect((await swirl(name, "gsm8k", ...split, ...run, "--data", "data")).stderr).not.toMatch(/other settings/)
      expect((await swirl(name, "gsm8k", ...split, ...run, "--data", "data/other.jsonl")).stderr).toMatch(
        /other settings/,
      )
    }
  }, 60_000)

  test("several benchmarks: a file that is missing is found before the first is evaluated", async () => {
    const { stderr } = await swirl(
      "eval",
      "gsm8k",
      "musique",
      "--run",
      "runs/early",
      ...model,
      "--data",
      "gsm8k=data",
      "--data",
      "musique=absent",
    )
    expect(stderr).toMatch(/no file or folder .*absent/)
    expect(existsSync(join(directory, "runs/early"))).toBe(false)
  })

  test("without tools the model is asked to think aloud, what looks like a call is none, and it is another evaluation", async () => {
    const alone = ["--data", "data", "--run", "runs/aloud", ...model, "--json"]
    const { code, json } = await swirl("eval", "gsm8k", "--tools", "none", ...alone)
    expect([code, json.cells[0].accuracy]).toEqual([0, 0.5])
    const first = (await records("runs/aloud")).find(({ taskId }) => taskId === "test/0")
    const prompt = JSON.stringify(first.prompt)
    expect(prompt).toContain("Think step by step")
    expect(prompt).not.toContain("math_exp")
    expect(first.steps[0]).toMatchObject({ kind: "malformed", malformed: expect.stringContaining("<math_exp>") })
    const other = await swirl("eval", "gsm8k", ...alone)
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('tools was "none" and is not set now')])
  })

  test("skipped tasks leave a slice that was not trained on", async () => {
    const slice = ["eval", "gsm8k/train", "--data", "data", "--run", "runs/slice", ...model, "--json"]
    const { json } = await swirl(...slice, "--skip", "2", "--limit", "1")
    expect(json.cells[0]).toMatchObject({ split: "train", samples: 1, accuracy: 1 })
    expect((await records("runs/slice")).map(({ taskId }) => taskId)).toEqual(["train/2"])
    expect((await swirl(...slice, "--skip", "1")).json.cells[0].samples).toBe(3)
    const { code, stderr } = await swirl(...slice, "--skip", "4")
    expect([code, stderr]).toEqual([2, expect.stringContaining("has 4 tasks, and 4 of them are skipped")])
  })

  test("a score below the threshold is exit code 100", async () => {
    expect((await swirl("eval", "gsm8k", ...common, ...model, "--threshold", "0.9")).code).toBe(100)
  })
})

test("eval takes another split with references where --data lacks the benchmark's own, and says so", async () => {
  await mkdir(join(directory, "train-only"))
  await writeFile(
    join(directory, "train-only", "train.jsonl"),
    await readFile(join(directory, "data", "train.jsonl"), "utf8"),
  )
  const common = ["--data", "train-only", "--model", "script:script.jsonl", "--run", "train-only/run", "--json"]
  const { stdout, stderr, code } = await swirl("eval", "gsm8k", "--limit", "1", ...common)
  expect([code, JSON.parse(stdout).cells[0].split]).toEqual([0, "train"])
  expect(stderr).toContain("there is no test split in --data; its train split is taken.")
  const asked = await swirl("eval", "gsm8k/test", "--limit", "1", ...common)
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("It holds train: ask for that")])
})

test("a broken data file is named with its line, and nothing is written", async () => {
  await writeFile(
    join(directory, "broken.jsonl"),
    `${JSON.stringify({ question: "q", answer: "#### 1" })}\n{"question": "torn`,
  )
  const { code, stderr } = await swirl(
    "eval",
    "gsm8k",
    "--data",
    "broken.jsonl",
    "--model",
    "script:script.jsonl",
    "--run",
    "runs/broken",
  )
  expect(code).toBe(2)
  expect(stderr).toMatch(/broken\.jsonl.*\b2\b/)
  expect(existsSync(join(directory, "runs/broken"))).toBe(false)
})

test("an unreadable checkpoint is named with what is wrong", async () => {
  await mkdir(join(directory, "checkpoint"))
  await writeFile(join(directory, "checkpoint", "config.json"), "{")
  const { code, stderr } = await swirl(
    "generate",
    "calc",
    "--limit",
    "1",
    "--model",
    "local:checkpoint",
    "--run",
    "runs/x",
  )
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/checkpoint\/(config|tokenizer)\.json/)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test("--json puts one document on standard output, everything else on standard error", async () => {
  const { stdout, stderr } = await swirl(
    "generate",
    "gsm8k",
    "--data",
    "data",
    "--model",
    "script:script.jsonl",
    "--run",
    "runs/two",
    "--json",
  )
  expect(() => JSON.parse(stdout)).not.toThrow()
  expect(stderr).toMatch(/generate gsm8k/)
})
