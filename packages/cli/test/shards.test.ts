/** A run in two shards over a real server, each a process of its own, one of them killed and run again: merged, it is one process' run. */
import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { contentHash } from "@swirl-ts/core"
import {
  apiServer,
  chatCompletion,
  folderDigests,
  jsonLines,
  sourceFlags,
  swirlCommand,
  swirlEnvironment,
  swirlIn,
  temporaryFolder,
  until,
} from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const tasks = jsonLines(
  Array.from({ length: 9 }, (_, row) => ({ question: `How many are ${row} and 3?`, answer: `#### ${row + 3}` })),
)

/** A calculation, then an answer, as conversation and seed have it. */
const server = () =>
  apiServer<{ messages: { role: string; content: string }[]; seed: number }>(async ({ body }, response) => {
    const { messages, seed } = body
    const question = messages.find(({ role }) => role === "user")!.content
    const [, row] = /How many are (\d+) and/.exec(question)!
    const draw = Number.parseInt(contentHash([row, seed], 2), 16) % 3
    const isFirst = !messages.some(({ role }) => role === "assistant")
    await new Promise((resolve) => setTimeout(resolve, 5))
    response.writeHead(200, { "content-type": "application/json" })
    const said = isFirst ? `<math_exp>${row}+3</math_exp>` : `<answer>${Number(row) + 3 + draw}</answer>`
    response.end(JSON.stringify(chatCompletion({ content: said })))
  })

const records = (folder: string, name: string): unknown[] =>
  readFileSync(join(folder, name), "utf8").trim().split("\n").sort()

test("two shards, one killed with -9 and run again, merge to the records of one process", async () => {
  const directory = temporaryFolder({ "data/train.jsonl": tasks })
  const swirl = swirlIn(directory)
  const { baseUrl, close } = await server()
  const asked = ["--model", "openai:m", "--base-url", baseUrl, "--data", "data", "--concurrency", "2"]
  const generate = ["generate", "gsm8k", "--samples", "2", ...asked]
  const make = async (run: string, ...shard: string[]): Promise<void> => {
    for (const args of [
      [...generate, ...shard],
      ["judge", ...shard],
    ]) {
      const { code, stderr } = await swirl(...args, "--run", run, "--quiet")
      if (code !== 0) throw new Error(stderr)
    }
  }
  const killed = spawn(
    process.execPath,
    [...sourceFlags, swirlCommand, ...generate, "--shard", "2/2", "--run", "s2", "--concurrency", "1"],
    { cwd: directory, env: swirlEnvironment(directory), stdio: "ignore" },
  )
  const written = join(directory, "s2", "trajectories.jsonl")
  await until(() => existsSync(written) && readFileSync(written, "utf8").includes("\n"))
  killed.kill("SIGKILL")
  await new Promise((resolve) => killed.once("exit", resolve))

  await Promise.all([make("one"), make("s1", "--shard", "1/2")])
  const early = await swirl("merge", "s1", "s2", "--run", "all")
  expect([early.code, early.stdout]).toEqual([2, ""])
  expect(early.stderr).toMatch(/s2 lacks "judge\/grounded", which other shards have/)
  await make("s2", "--shard", "2/2")
  const other = await swirl(...generate, "--shard", "1/2", "--run", "s2")
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('shard was "2/2" and is "1/2" now')])

  const alone = await swirl("merge", "s2", "--run", "all")
  expect(alone.code).toBe(2)
  expect(alone.stderr).toMatch(/Shard 1\/2 is missing\. To make it.*\n {2}swirl generate .*--shard 1\/2 --run \S+s1\n/)
  expect(existsSync(join(directory, "all"))).toBe(false)

  const merged = await swirl("merge", "s2", "s1", "--run", "all", "--json")
  expect(merged.code).toBe(0)
  expect(merged.json).toMatchObject({ shards: 2, wasThere: false, records: { "trajectories.jsonl": 18 } })
  const [one, all] = [join(directory, "one"), join(directory, "all")]
  const names = Object.keys(folderDigests(one)).filter((name) => name.endsWith(".jsonl"))
  expect(names).toEqual(["trajectories.jsonl", "verdicts.jsonl"])
  for (const name of names) expect([name, records(all, name)]).toEqual([name, records(one, name)])
  const again = await swirl("merge", "s1", "s2", "--run", "all")
  expect(again.stdout).toContain("2 shards, merged before: nothing to do")
  await close()
}, 120_000)

test("several servers take turns, one that is down is left out, and ids are those of one server", async () => {
  const directory = temporaryFolder({ "data/train.jsonl": tasks })
  const swirl = swirlIn(directory)
  const [a, b] = [await server(), await server()]
  const down = "http://127.0.0.1:9/v1"
  const generate = [
    "generate",
    "gsm8k",
    "--model",
    "openai:m",
    "--data",
    "data",
    "--samples",
    "3",
    "--concurrency",
    "6",
  ]
  const urls = ["--base-url", `${a.baseUrl},${down}`, "--base-url", b.baseUrl]
  const [one, several] = await Promise.all([
    swirl(...generate, "--base-url", a.baseUrl, "--run", "one"),
    swirl(...generate, ...urls, "--run", "several"),
  ])
  expect([one.code, several.code]).toEqual([0, 0])
  expect(several.stderr).toMatch(
    /generate gsm8k 27\/27 · .* · 127\.0\.0\.1:\d+ \d+ \(0 now\), 127\.0\.0\.1:9 \d \(left out\)/,
  )
  const [x, y] = ["one", "several"].map((run) => records(join(directory, run), "trajectories.jsonl"))
  expect(y).toEqual(x)
  const { endpoints, spec } = JSON.parse(readFileSync(join(directory, "several", "run.json"), "utf8"))
  const [counts] = Object.values(endpoints) as { name: string; requests: number; failures: number }[][]
  expect(Object.keys(endpoints)).toEqual(Object.keys(spec))
  expect(counts).toMatchObject([
    { name: a.baseUrl, failures: 0, leftOut: 0 },
    { name: down },
    { name: b.baseUrl, failures: 0, leftOut: 0 },
  ])
  expect(counts!.reduce((sum, { requests, failures }) => sum + requests - failures, 0)).toBe(54)
  expect(Math.min(counts![0]!.requests, counts![2]!.requests)).toBeGreaterThan(10)
  // Those under way at first, and one a second, then less often.
  expect(counts![1]!.requests).toBeLessThan(12)
  expect(counts![1]!.failures).toBe(counts![1]!.requests)
  await Promise.all([a.close(), b.close()])
}, 60_000)

test("a part of another folder's trajectories is asked for by both flags", async () => {
  const swirl = swirlIn(temporaryFolder())
  const [from, shard] = [await swirl("judge", "--from", "x"), await swirl("judge", "--shard", "1/2")]
  expect([from.code, from.stderr]).toEqual([2, expect.stringContaining("--shard i/n says which. Give both")])
  expect([shard.code, shard.stderr]).toEqual([2, expect.stringContaining("holds no run. Generate it first")])
  expect((await swirl("merge", "x")).stderr).toContain("required option '--run <directory>' not specified")
}, 60_000)
