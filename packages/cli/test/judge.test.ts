/** Judges that ask models, as people meet them: real processes, scripted models, and a server that answers as OpenAI's does. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const bin = fileURLToPath(new URL("../bin/swirl.mjs", import.meta.url))
const flags = ["--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
let directory: string

function swirl(args: string[], environment: Record<string, string> = {}) {
  const env = {
    ...process.env,
    SWIRL_CACHE: join(directory, "cache"),
    NODE_OPTIONS: "",
    HF_ENDPOINT: "http://127.0.0.1:9",
    ...environment,
  }
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [...flags, bin, ...args], { cwd: directory, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err })
    })
  })
}

const rows = [
  ["Ann", 2, 3],
  ["Ben", 40, 2],
  ["Chi", 7, 8],
] as const
const json = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join("\n")

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "swirl-judge-"))
  await mkdir(join(directory, "data"))
  const tasks = rows.map(([name, a, b]) => ({
    question: `${name} has ${a} apples and buys ${b} more. How many apples does ${name} have?`,
    answer: `It is <<${a}+${b}=${a + b}>>${a + b}.\n#### ${a + b}`,
  }))
  await writeFile(join(directory, "data", "test.jsonl"), `${json(tasks)}\n`)
  await writeFile(join(directory, "data", "train.jsonl"), `${json(tasks)}\n`)
  await writeFile(
    join(directory, "policy.jsonl"),
    json([
      { match: "Ann has", replies: ["I add. <math_exp>2 + 3</math_exp>", "<answer>five</answer>"] },
      { match: "Ben has", replies: ["<math_exp>40 + 2</math_exp>", "<answer>41</answer>"] },
      { match: "Chi has", reply: "<answer>15</answer>" },
    ]),
  )
  await writeFile(
    join(directory, "steps.jsonl"),
    json([
      { match: "/to judge[^:]*:\\n<answer>15/", reply: "Nothing was calculated.\n\n**Verdict: BAD**" },
      { match: "/to judge[^:]*:\\n<answer>41/", reply: "The result was 42. BAD" },
      { match: "/to judge/", reply: "Helps.\n\nGOOD" },
    ]),
  )
  await writeFile(
    join(directory, "answers.jsonl"),
    json([
      { match: "/given:\\nfive/", reply: "Five is 5.\nYES" },
      { match: "/given:\\n41/", reply: "No, 41 is not 42.\nNO" },
      { match: "/given/", reply: "I would rather not say." },
    ]),
  )
})
afterAll(() => rm(directory, { recursive: true }))

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
    expect((await swirl(["generate", "gsm8k", ...common, ...policy, "--split", "train"])).code).toBe(0)
    const { code, out } = await swirl(["judge", ...common, ...steps])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ judge: "llm", judged: 5, good: 3, bad: 2, unscored: 0 })
    for (const record of await records("verdicts.jsonl")) {
      expect(record.judge).toMatch(
        /^judges\/llm\/1 bench-gsm8k\/gsm8k model=script-steps\.jsonl-[0-9a-f]{8} prompt=[0-9a-f]{8} votes=1 temperature=0 /,
      )
    }
    const { out: kept } = await swirl(["filter", ...common, "--judge", "llm"], {
      SWIRL_JUDGE_MODEL: "script:steps.jsonl",
    })
    expect(JSON.parse(kept)).toMatchObject({ total: 3, kept: 1, unscored: 0 })
  }, 60_000)

  test("is calibrated on labels, with kappa and intervals", async () => {
    const verdicts = await records("verdicts.jsonl")
    const labels = verdicts.map(({ trajectoryId, step, verdict }, index) => ({
      trajectoryId,
      step,
      verdict: index === 0 ? "Good" : verdict,
    }))
    await writeFile(join(directory, "labels.jsonl"), json(labels))
    const { code, out } = await swirl(["judge", ...common, ...steps, "--calibrate", "labels.jsonl"])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ judged: 0, skipped: 5 })
    const [{ benchmark, calibration }] = JSON.parse(out).calibration
    expect(benchmark).toBe("bench-gsm8k/gsm8k")
    expect(calibration).toMatchObject({ n: 5, unscored: 0, unmatched: 0 })
    expect(calibration.kappaInterval.low).toBeLessThanOrEqual(calibration.kappa)
    expect(calibration.falsePositiveRate).toMatchObject({ low: expect.any(Number), high: expect.any(Number) })
  }, 60_000)

  test("is not paid for where the labels cannot be used, and says where nothing could be compared", async () => {
    await writeFile(join(directory, "others.jsonl"), json([{ trajectoryId: "elsewhere", step: 0, verdict: "good" }]))
    const before = await records("verdicts.jsonl")
    const other = ["judge", ...common, "--judge", "grounded", "--noise", "0.5"]
    for (const labels of ["absent.jsonl", "others.jsonl"]) {
      const refused = await swirl([...other, "--calibrate", labels])
      expect(refused.code).toBe(2)
      expect(refused.err).toMatch(/absent\.jsonl cannot be read|No label of .*others\.jsonl is about a trajectory/)
    }
    expect(await records("verdicts.jsonl")).toEqual(before)
    const { code, out } = await swirl([...other, "--calibrate", "plan"])
    expect(code).toBe(3)
    expect(JSON.parse(out).calibration[0].problem).toMatch(/nothing to compare, .* has no plan/)
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
      const { code, err } = await swirl(command)
      expect(err).toMatch(/needs a model|questoin/)
      expect(code).toBe(2)
    }
    expect(existsSync(join(directory, "runs/unpaid/trajectories.jsonl"))).toBe(false)
    expect(existsSync(join(directory, "runs/unpaid/eval"))).toBe(false)
  }, 60_000)

  test("judges answers as a metric of its own beside the official one; what it did not say is not wrong", async () => {
    const judged = ["--judge", "llm", "--judge-model", "script:answers.jsonl"]
    const { code, out } = await swirl(["eval", "gsm8k", ...common, ...policy, ...judged])
    expect(code).toBe(3)
    const [cell] = JSON.parse(out).cells
    expect(cell).toMatchObject({ n: 3, accuracy: expect.closeTo(1 / 3), unscored: 0 })
    expect(Object.keys(cell.metrics)).not.toContain("judged")
    expect(cell.judged).toMatchObject({ accuracy: 0.5, n: 2, unscored: 1 })
    expect(Object.keys(cell.judged.unscoredReasons)).toEqual(["the judge's reply gives no clear YES or NO"])
    expect(await records("outcomes.jsonl")).toHaveLength(3)

    // The same command asks again only what was not said; here somebody has taught the judge.
    const script = await readFile(join(directory, "answers.jsonl"), "utf8")
    await writeFile(join(directory, "answers.jsonl"), script.replace("I would rather not say.", "YES"))
    const taught = JSON.parse((await swirl(["eval", "gsm8k", ...common, ...policy, ...judged])).out).cells[0]
    expect(taught.judged).toMatchObject({ n: 3, unscored: 0 })
    expect(taught.judged.judge).not.toBe(cell.judged.judge)
    expect((await swirl(["report", ...common.slice(2)])).code).toBe(0)
  }, 60_000)

  test("is the outcome of a filter where one is set, and the official score where none is", async () => {
    const outcome = ["filter", ...common, "--strategy", "outcome"]
    const [official, other] = await Promise.all([
      swirl(outcome),
      swirl([...outcome, "--outcome-judge", "llm", "--judge-model", "script:answers.jsonl"]),
    ])
    expect(JSON.parse(official.out)).toMatchObject({ kept: 1, keptRight: 1 })
    const judged = JSON.parse(other.out)
    expect(judged).toMatchObject({ kept: 2, keptRight: 1, outcomeJudge: "llm" })
  }, 60_000)

  test("takes a template, and refuses a wrong one with file and line", async () => {
    await writeFile(
      join(directory, "own.txt"),
      "{question}\n{conversation}\nthe step to judge:\n{action}\nGOOD or BAD?",
    )
    const own = await swirl(["judge", ...common, ...steps, "--template", "own.txt"])
    expect(JSON.parse(own.out)).toMatchObject({ judged: 5, skipped: 0, bad: 2 })
    await writeFile(join(directory, "wrong.txt"), "{question}\n{actoin}")
    const wrong = await swirl(["judge", ...common, ...steps, "--template", "wrong.txt"])
    expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/wrong\.txt, line 2: .*\{actoin\}.*"action"/) })
  }, 60_000)

  test("asks an OpenAI-compatible server, tries again what fails for a while, and counts what it does not say", async () => {
    const completion = (message: object, finishReason = "stop") => ({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1754000000,
      model: "m",
      choices: [{ index: 0, message: { role: "assistant", ...message }, logprobs: null, finish_reason: finishReason }],
      usage: { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 },
    })
    const send = (response: ServerResponse, status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json", "retry-after-ms": "1" })
      response.end(JSON.stringify(body))
    }
    const bodies: { model: string; temperature: number; messages: { content: string }[] }[] = []
    let failures = 2
    const http = createServer(async (request, response) => {
      let text = ""
      for await (const chunk of request) text += chunk
      if (failures-- > 0) return send(response, 429, { error: { message: "slow down" } })
      const body = JSON.parse(text)
      bodies.push(body)
      const asked = body.messages[0].content
      if (/to judge[^:]*:\n<answer>five/.test(asked))
        return send(response, 200, completion({ content: null, refusal: "no" }))
      if (/to judge[^:]*:\n<answer>41/.test(asked))
        return send(response, 200, completion({ content: "GOOD" }, "length"))
      return send(response, 200, completion({ content: "### Verdict\n**GOOD**" }))
    })
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve))
    try {
      const baseUrl = `http://user:secret@127.0.0.1:${(http.address() as AddressInfo).port}/v1`
      const server = ["--judge-model", "openai:m", "--judge-base-url", baseUrl]
      const { code, out } = await swirl(["judge", ...common, ...server])
      expect(code).toBe(3)
      expect(JSON.parse(out)).toMatchObject({ judge: "llm", judged: 5, good: 3, bad: 0, unscored: 2 })
      expect(Object.keys(JSON.parse(out).unscoredReasons).sort()).toEqual([
        "the judge's reply is empty",
        "the judge's reply was cut off at 1024 tokens",
      ])
      expect(bodies[0]).toMatchObject({ model: "m", temperature: 0 })
      expect(await readFile(join(directory, "runs/a/run.json"), "utf8")).not.toContain("secret")
    } finally {
      http.closeAllConnections()
      http.close()
    }
  }, 60_000)
})

test("a scripted judge is calibrated on the sandbox's plan", async () => {
  await writeFile(join(directory, "sandbox.jsonl"), JSON.stringify({ reply: "<answer>7</answer>" }))
  await writeFile(join(directory, "strict.jsonl"), JSON.stringify({ reply: "Nothing is known yet.\nBAD" }))
  const run = ["--run", "runs/sandbox", "--json"]
  const made = await swirl([
    "generate",
    "calc",
    ...run,
    "--model",
    "script:sandbox.jsonl",
    "--limit",
    "6",
    "--split",
    "train",
  ])
  expect(made.code).toBe(0)
  const { code, out } = await swirl(["judge", ...run, "--judge-model", "script:strict.jsonl", "--calibrate", "plan"])
  expect(code).toBe(0)
  const [{ calibration }] = JSON.parse(out).calibration
  expect(calibration).toMatchObject({ n: 6, agreement: { value: 1 } })
}, 60_000)
