/** The command against real servers: dead ones, busy ones, ones that are killed for; and its budgets. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { answerWith, apiServer, chatCompletion, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const recorded = (path: string): { status: string }[] =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line))
    : []

const seven = answerWith(200, chatCompletion({ content: "<answer>7</answer>" }))
const generate = (baseUrl: string, limit = 12) =>
  [
    "generate",
    "calc",
    "--limit",
    String(limit),
    "--model",
    "openai:m",
    "--base-url",
    baseUrl,
    "--concurrency",
    "4",
    "--run",
    "run",
  ] as const

test("a budget ends a command with what is not done, and the same command goes on", async () => {
  const directory = temporaryFolder()
  const swirl = swirlIn(directory)
  const { baseUrl, requests } = await apiServer(seven)
  // 38 tokens each, four at once.
  const stopped = await swirl(...generate(baseUrl), "--max-tokens", "150")
  expect(stopped.code).toBe(1)
  expect(stopped.stderr).toMatch(/Not finished: generate calc: \d of 12 are done\.\n/)
  expect(stopped.stderr).toMatch(/The budget of 150 tokens \(--max-tokens\) is spent: (152|190|228|266) were used\./)
  expect(requests.length).toBeLessThanOrEqual(7)
  const kept = recorded(join(directory, "run", "trajectories.jsonl"))
  expect(kept.every(({ status }) => status === "answered")).toBe(true)
  expect(kept.length).toBe(requests.length)
  const dear = await swirl(...generate(baseUrl), "--max-cost", "1")
  expect([dear.code, dear.stderr]).toEqual([2, expect.stringContaining("--price openai:m=0.25,2")])
  const whole = await swirl(...generate(baseUrl), "--max-cost", "1", "--price", "openai:m=0.25,2")
  expect(whole.code).toBe(0)
  expect(requests).toHaveLength(12)
}, 120_000)

test("a server that nobody listens at is found once, said in one sentence, and nothing is recorded as an error", async () => {
  const directory = temporaryFolder()
  const { code, stderr } = await swirlIn(directory)(...generate("http://127.0.0.1:1/v1", 200))
  expect(code).toBe(2)
  expect(stderr).toMatch(/It is asked again by one request at a time for \d+ s\./)
  expect(stderr).toMatch(
    /The server has not answered for \d+ s\. .*ECONNREFUSED.* run the command again when it is back\./,
  )
  expect(recorded(join(directory, "run", "trajectories.jsonl"))).toEqual([])
  const { endpoints } = JSON.parse(readFileSync(join(directory, "run", "run.json"), "utf8"))
  const [[count]] = Object.values(endpoints) as [[{ requests: number }]]
  expect(count.requests).toBeLessThan(12)
}, 120_000)

test("a server that refuses for a while is waited for: no errors, and the refusals are counted", async () => {
  const directory = temporaryFolder()
  const busy = answerWith(429, { error: { message: "slow down" } }, { "retry-after-ms": "200" })
  const { baseUrl } = await apiServer(seven, busy, seven, busy, busy, seven)
  const { code, stderr } = await swirlIn(directory)(...generate(baseUrl))
  expect(code).toBe(0)
  expect(stderr).toMatch(/12 answered, 0 malformed, 0 errors · .*in flight.*3 sent again, 456 tokens/)
  const { endpoints } = JSON.parse(readFileSync(join(directory, "run", "run.json"), "utf8"))
  expect(Object.values(endpoints)[0]).toMatchObject([{ requests: 15, failures: 3, refused: 3, leftOut: 0 }])
}, 120_000)

test.each([
  [["--max-tokens", "0"], "--max-tokens"],
  [["--timeout", "soon"], "It has to be a number of seconds, more than 0."],
  [["--attempts", "0"], "It has to be a whole number, 1 or more."],
  [["--price", "0.25,2"], "such as openai:gpt-5-mini=0.25,2"],
  [["--price", "openai:m=0.25"], "such as openai:gpt-5-mini=0.25,2"],
])("%j is refused with a sentence", async (flags, says) => {
  const { code, stderr } = await swirlIn(temporaryFolder())(...generate("http://127.0.0.1:1/v1"), ...flags)
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
})
