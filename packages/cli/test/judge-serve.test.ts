/** `swirl judge serve` as trainers meet it: a process, HTTP, and the Python file that it hands out. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ServedVerdictSchema, type Trajectory } from "@swirl-ts/core"
import { readRecords } from "@swirl-ts/store"
import {
  ended,
  hasEnded,
  sourceFlags,
  swirlCommand,
  swirlEnvironment,
  swirlIn,
  temporaryFolder,
  until,
} from "@swirl-ts/test-support"
import { afterEach, beforeAll, describe, expect, test } from "vitest"

const folder = temporaryFolder({ "token.txt": "s3cret-of-the-file\n", "empty.txt": "\n" })
const swirl = swirlIn(folder)
const good = " next <math_exp> 45 / 3 </math_exp>"
let trajectory: Trajectory
let row: string

beforeAll(async () => {
  const { code } = await swirl("generate", "calc", "--limit", "4", "--run", "run")
  expect(code).toBe(0)
  const lines = readFileSync(join(folder, "run/trajectories.jsonl"), "utf8").trim().split("\n")
  trajectory = lines
    .map((line): Trajectory => JSON.parse(line))
    .find(({ steps }) => steps.some(({ text }) => text === good))!
  row = `${trajectory.id}/0`
}, 120_000)

const running: { kill(signal: NodeJS.Signals): boolean }[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL")
})

async function serve(args: readonly string[] = [], environment: Record<string, string> = {}) {
  const given = [...sourceFlags, swirlCommand, "judge", "serve", "--run", "run", "--port", "0", ...args]
  const env = swirlEnvironment(folder, { SWIRL_JUDGE_TOKEN: "", ...environment })
  const child = spawn(process.execPath, given, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] })
  running.push(child)
  let said = ""
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text
    })
  await until(() => said.includes("Ctrl-C ends it.") || hasEnded(child), 60_000)
  const url = /http:\/\/\S+?(?=, )/.exec(said)?.[0] ?? ""
  const stop = async (): Promise<number | null> => {
    child.kill("SIGTERM")
    return ended(child)
  }
  return { child, url, said: () => said, stop }
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) }
}
const asking = (...completions: unknown[]) => ({
  actions: completions.map((completion) => ({ row_id: row, completion })),
})

describe("swirl judge serve", () => {
  test("gives the verdicts of the judge that trains, in the forms of trainers, and keeps a record of each", async () => {
    const { url, said, stop } = await serve()
    const file = /goes to (\S+verdicts\.jsonl)/.exec(said())![1]!
    const own = await post(`${url}/judge`, asking(good, "<answer>5</answer>", "neither", `${good}<|im_end|>\n`))
    expect([own.status, own.json().rewards, own.json().no_verdict]).toEqual([200, [1, 0, 0, 1], 0])
    const query = { query: [`what ?${good}</s>`], prompts: ["what ?"], labels: [row] }
    const openrlhf = await post(`${url}/openrlhf`, query)
    expect(openrlhf.json()).toEqual({ rewards: [1], scores: [1], extra_logs: { no_verdict: [0] } })
    const slime = await post(`${url}/slime`, { prompt: "what ?", response: good, label: row })
    expect(slime.text).toBe("1")
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain("swirl_judge_actions_asked_total 6\n")
    expect(metrics).toContain("swirl_judge_cache_hits_total 3\n")
    expect(metrics).toContain("swirl_judge_verdicts_recorded_total 3\n")
    expect(metrics).toContain('swirl_judge_requests_total{status="200"} 3\n')
    expect(await stop()).toBe(0)
    expect(said()).toContain(
      "4 requests, 6 actions: 4 good, 2 bad, 0 without a verdict, 0 not answered; 3 of them were known",
    )
    const records = await Array.fromAsync(readRecords(file, ServedVerdictSchema))
    expect(records.map(({ kind, verdict }) => [kind, verdict]).sort()).toEqual([
      ["answer", "bad"],
      ["malformed", "bad"],
      ["tool", "good"],
    ])
    expect(records.every(({ trajectoryId, step }) => trajectoryId === trajectory.id && step === 0)).toBe(true)
    const checked = await swirl("validate", file, "--json")
    expect(checked.json.records).toEqual({ "swirl.served-verdict/1": 3 })

    // Another process knows them.
    const again = await serve()
    expect((await post(`${again.url}/judge`, asking(good))).json().verdicts[0]).toMatchObject({ cached: true })
    await again.stop()
  }, 120_000)
})
