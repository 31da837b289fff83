/** Judges that ask models, as people meet them: real processes, scripted models, and a server that answers as OpenAI's does. */
import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { answerWith, apiServer, chatCompletion, jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { appleTasks } from "./apple-tasks.ts"

const directory = temporaryFolder({
  "data/test.jsonl": appleTasks,
  "data/train.jsonl": appleTasks,
  "policy.jsonl": jsonLines([
    { match: "Ann has", replies: ["I add. <math_exp>2 + 3</math_exp>", "<answer>five</answer>"] },
    { match: "Ben has", replies: ["<math_exp>40 + 2</math_exp>", "<answer>41</answer>"] },
    { match: "Chi has", reply: "<answer>15</answer>" },
  ]),
  "steps.jsonl": jsonLines([
    { match: "/to judge[^:]*:\\n<answer>15/", reply: "Nothing was calculated.\n\n**Verdict: BAD**" },
    { match: "/to judge[^:]*:\\n<answer>41/", reply: "The result was 42. BAD" },
    { match: "/to judge/", reply: "Helps.\n\nGOOD" },
  ]),
  "answers.jsonl": jsonLines([
    { match: "/given:\\nfive/", reply: "Five is 5.\nYES" },
    { match: "/given:\\n41/", reply: "No, 41 is not 42.\nNO" },
    { match: "/given/", reply: "I would rather not say." },
  ]),
})
const swirl = swirlIn(directory)
const common = ["--data", "data", "--run", "runs/a", "--json"]
const policy = ["--model", "script:policy.jsonl"]
const steps = ["--judge", "llm", "--judge-model", "script:steps.jsonl"]
const records = async (file: string): Promise<Record<string, unknown>[]> =>
  (await readFile(join(directory, "runs/a", file), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

describe("a judge that asks a model", () => {
  test("judges the steps once, says which model and prompt it was, and filters", async () => {
    expect((await swirl("generate", "gsm8k", ...common, ...policy, "--split", "train")).code).toBe(0)
    const { code, stdout } = await swirl("judge", ...common, ...steps)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ judge: "llm", judged: 5, good: 3, bad: 2, unscored: 0 })
    for (const record of await records("verdicts.jsonl")) {
      expect(record.judge).toMatch(
        /^judges\/llm\/1 bench-gsm8k\/gsm8k model=script-[0-9a-f]{8} prompt=[0-9a-f]{8} votes=1 temperature=0 /,
      )
    }
    const { stdout: kept } = await swirlIn(directory, { SWIRL_JUDGE_MODEL: "script:steps.jsonl" })(
      "filter",
      ...common,
      "--judge",
      "llm",
    )
    expect(JSON.parse(kept)).toMatchObject({ total: 3, kept: 1, unscored: 0 })
  }, 60_000)

  test("is calibrated on labels, with kappa and intervals", async () => {
    const verdicts = await records("verdicts.jsonl")
    const labels = verdicts.map(({ trajectoryId, step, verdict }, index) => ({
      trajectoryId,
      step,
      verdict: index === 0 ? "Good" : verdict,
    }))
    await writeFile(join(directory, "labels.jsonl"), jsonLines(labels))
    const { code, stdout } = await swirl("judge", ...common, ...steps, "--calibrate", "labels.jsonl")
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ judged: 0, skipped: 5 })
    const [{ benchmark, calibration }] = JSON.parse(stdout).calibration
    expect(benchmark).toBe("bench-gsm8k/gsm8k")
    expect(calibration).toMatchObject({ n: 5, unscored: 0, unmatched: 0 })
    expect(calibration.kappaInterval.low).toBeLessThanOrEqual(calibration.kappa)
    expect(calibration.falsePositiveRate).toMatchObject({ low: expect.any(Number), high: expect.any(Number) })
  }, 60_000)

  test("is not paid for where the labels cannot be used, and says where nothing could be compared", async () => {
    await writeFile(
      join(directory, "others.jsonl"),
      jsonLines([{ trajectoryId: "elsewhere", step: 0, verdict: "good" }]),
    )
    const before = await records("verdicts.jsonl")
    const other = ["judge", ...common, "--judge", "grounded", "--noise", "0.5"]
    for (const labels of ["absent.jsonl", "others.jsonl"]) {
      const refused = await swirl(...other, "--calibrate", labels)
      expect(refused.code).toBe(2)
      expect(refused.stderr).toMatch(/absent\.jsonl cannot be read|No label of .*others\.jsonl is about a trajectory/)
    }
    expect(await records("verdicts.jsonl")).toEqual(before)
    const { code, stdout } = await swirl(...other, "--calibrate", "plan")
    expect(code).toBe(3)
    expect(JSON.parse(stdout).calibration[0].problem).toMatch(/nothing to compare, .* has no plan/)
  }, 60_000)

  test("is made before the policy is paid for", async () => {
    await writeFile(join(directory, "typo.txt"), "{questoin} {reference} {answer}")
    const run = ["--data", "data", "--run", "runs/unpaid", ...policy]
    const judged = ["--judge-model", "script:answers.jsonl", "--template", "typo.txt"]
    const untilKept = ["--split", "train", "--until-kept", "1", ...judged]
    for (const command of [
      ["eval", "gsm8k", ...run, "--judge", "llm"],
      ["eval", "gsm8k", ...run, "--judge", "llm", ...judged],
      ["generate", "gsm8k", ...run, "--judge", "llm", ...untilKept],
    ]) {
      const { code, stderr } = await swirl(...command)
      expect(stderr).toMatch(/needs a model|questoin/)
      expect(code).toBe(2)
    }
    expect(existsSync(join(directory, "runs/unpaid/trajectories.jsonl"))).toBe(false)
    expect(existsSync(join(directory, "runs/unpaid/eval"))).toBe(false)
  }, 60_000)

  test("judges answers as a metric of its own beside the official one; what it did not say is not wrong", async () => {
    const judged = ["--judge", "llm", "--judge-model", "script:answers.jsonl"]
    const { code, stdout } = await swirl("eval", "gsm8k", ...common, ...policy, ...judged)
    expect(code).toBe(3)
    const [cell] = JSON.parse(stdout).cells
    expect(cell).toMatchObject({ n: 3, accuracy: expect.closeTo(1 / 3), unscored: 0 })
    expect(Object.keys(cell.metrics)).not.toContain("judged")
    expect(cell.judged).toMatchObject({ accuracy: 0.5, n: 2, unscored: 1 })
    expect(Object.keys(cell.judged.unscoredReasons)).toEqual(["the judge's reply gives no clear YES or NO"])
    expect(await records("outcomes.jsonl")).toHaveLength(3)

    // The same command asks again only what was not said; here somebody has taught the judge.
    const script = await readFile(join(directory, "answers.jsonl"), "utf8")
    await writeFile(join(directory, "answers.jsonl"), script.replace("I would rather not say.", "YES"))
    const taught = (await swirl("eval", "gsm8k", ...common, ...policy, ...judged)).json.cells[0]
    expect(taught.judged).toMatchObject({ n: 3, unscored: 0 })
    expect(taught.judged.judge).not.toBe(cell.judged.judge)
    expect((await swirl("report", ...common.slice(2))).code).toBe(0)
  }, 60_000)

  test("is the outcome of a filter where one is set, and the official score where none is", async () => {
    const outcome = ["filter", ...common, "--strategy", "outcome"]
    const [official, other] = await Promise.all([
      swirl(...outcome),
      swirl(...outcome, "--outcome-judge", "llm", "--judge-model", "script:answers.jsonl"),
    ])
    expect(official.json).toMatchObject({ kept: 1, keptRight: 1 })
    const judged = other.json
    expect(judged).toMatchObject({ kept: 2, keptRight: 1, outcomeJudge: "llm" })
  }, 60_000)

  test("takes a template, and refuses a wrong one with file and line", async () => {
    await writeFile(
      join(directory, "own.txt"),
      "{question}\n{conversation}\nthe step to judge:\n{action}\nGOOD or BAD?",
    )
    const own = await swirl("judge", ...common, ...steps, "--template", "own.txt")
    expect(own.json).toMatchObject({ judged: 5, skipped: 0, bad: 2 })
    await writeFile(join(directory, "wrong.txt"), "{question}\n{actoin}")
    const wrong = await swirl("judge", ...common, ...steps, "--template", "wrong.txt")
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/wrong\.txt, line 2: .*\{actoin\}.*"action"/),
    })
  }, 60_000)

  test("asks an OpenAI-compatible server, tries again what fails for a while, and counts what it does not say", async () => {
    const slowDown = answerWith(429, { error: { message: "slow down" } }, { "retry-after-ms": "1" })
    const server = await apiServer<{ messages: { content: string }[] }>(slowDown, slowDown, (request, response) => {
      const asked = request.body.messages[0]!.content
      const completion = /to judge[^:]*:\n<answer>five/.test(asked)
        ? chatCompletion({ content: null, refusal: "no" })
        : /to judge[^:]*:\n<answer>41/.test(asked)
          ? chatCompletion({ content: "GOOD" }, "length")
          : chatCompletion({ content: "### Verdict\n**GOOD**" })
      answerWith(200, completion)(request, response)
    })
    const baseUrl = server.baseUrl.replace("//", "//user:secret@")
    const model = ["--judge-model", "openai:m", "--judge-base-url", baseUrl]
    const { code, stdout } = await swirl("judge", ...common, ...model)
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ judge: "llm", judged: 5, good: 3, bad: 0, unscored: 2 })
    expect(Object.keys(JSON.parse(stdout).unscoredReasons).sort()).toEqual([
      "the judge's reply is empty",
      "the judge's reply was cut off at 1024 tokens",
    ])
    expect(server.requests[0]!.body).toMatchObject({ model: "m", temperature: 0 })
    expect(await readFile(join(directory, "runs/a/run.json"), "utf8")).not.toContain("secret")
    await server.close()
  }, 60_000)
})

test("a scripted judge is calibrated on the sandbox's plan", async () => {
  await writeFile(join(directory, "sandbox.jsonl"), JSON.stringify({ reply: "<answer>7</answer>" }))
  await writeFile(join(directory, "strict.jsonl"), JSON.stringify({ reply: "Nothing is known yet.\nBAD" }))
  const run = ["--run", "runs/sandbox", "--json"]
  const made = await swirl(
    "generate",
    "calc",
    ...run,
    "--model",
    "script:sandbox.jsonl",
    "--limit",
    "6",
    "--split",
    "train",
  )
  expect(made.code).toBe(0)
  const { code, stdout } = await swirl("judge", ...run, "--judge-model", "script:strict.jsonl", "--calibrate", "plan")
  expect(code).toBe(0)
  const [{ calibration }] = JSON.parse(stdout).calibration
  expect(calibration).toMatchObject({ n: 6, agreement: { value: 1 } })
}, 60_000)
