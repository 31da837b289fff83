/** The command itself on a cluster whose jobs are processes of this machine: shards, one killed, merged to what one process makes. */
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { sourceFlags, swirlCommand, swirlEnvironment, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type FakeRay, fakeRay } from "../test/fake-ray.ts"
import { runEntrypoint } from "../test/run-entrypoint.ts"

const node = [process.execPath, ...sourceFlags, swirlCommand].map((word) => `'${word}'`).join(" ")
const folder = temporaryFolder({ "there/swirl": `#!/bin/sh\nexec ${node} "$@"\n` })
let ray: FakeRay
/** Told of every process that a job is. */
let seen: (name: string, pid: number) => void = () => {}
beforeAll(async () => {
  chmodSync(join(folder, "there/swirl"), 0o755)
  ray = await fakeRay({
    run(job) {
      const { pid } = runEntrypoint(job, { ...swirlEnvironment(folder), OPENAI_API_KEY: "sk-of-the-node" } as Record<
        string,
        string
      >)
      seen((job.submission.metadata as { swirl_command: string }).swirl_command, pid!)
    },
  })
})
afterAll(() => ray.close())
const swirl = (...args: string[]) =>
  swirlIn(folder, {
    SWIRL_RAY_SWIRL: join(folder, "there/swirl"),
    SWIRL_RAY_POLL_SECONDS: "0.1",
    SWIRL_ENGINE_URL: ray.url,
    OPENAI_API_KEY: "sk-of-the-client",
  })(...args)

const records = (run: string, name = "trajectories.jsonl") => readFileSync(join(folder, run, name), "utf8")
const generate = ["generate", "calc", "--limit", "6", "--samples", "2"]

test("shards on a cluster, one of them killed: the same command makes that one alone, and the merge is one process' run", async () => {
  const one = await swirl(...generate, "--run", "one")
  expect(one.code, one.stderr).toBe(0)
  const sharded = [...generate, "--engine", "ray", "--shards", "2", "--run", "all"]
  seen = (name, pid) => {
    if (name === "generate calc 2/2") process.kill(-pid, "SIGKILL")
  }
  const first = await swirl(...sharded)
  expect([first.code, existsSync(join(folder, "all"))]).toEqual([1, false])
  expect(first.stderr).toMatch(/1 of 2 shards has not ended well:\n {2}2\/2: The job swirl-all-\S+-1 failed/)
  expect(first.stderr).toMatch(/^1\/2: generate calc/m)
  seen = () => {}
  const second = await swirl(...sharded, "--json")
  expect(second.code, second.stderr).toBe(0)
  expect(second.json).toMatchObject({ shards: 2, records: { "trajectories.jsonl": 12 }, wasThere: false })
  expect([...ray.jobs.keys()].map((id) => id.replace(/^swirl-all-\w+-/, ""))).toEqual(["1", "1", "2"])
  expect(records("all")).toBe(records("one"))
  const third = await swirl(...sharded)
  expect([third.code, third.stdout]).toEqual([0, expect.stringContaining("merged before: nothing to do")])
  expect(ray.jobs.size).toBe(3)
  expect(JSON.stringify([...ray.jobs.values()]) + first.stderr).not.toMatch(/sk-of-the/)
  // It goes on here as one process' run does.
  expect((await swirl(...generate, "--run", "all", "--json")).json).toMatchObject({ reused: 12 })
}, 240_000)

test("an evaluation in shards gives the score of one process; jobs of both kinds are listed", async () => {
  const asked = ["eval", "calc", "--limit", "5"]
  const [{ accuracy, n }] = (await swirl(...asked, "--run", "eval-one", "--json")).json.cells
  const merged = await swirl(
    ...asked,
    "--engine",
    "ray",
    "--shards",
    "2",
    "--run",
    "eval-all",
    "--json",
    "--threshold",
    "1",
  )
  expect(merged.json, merged.stderr).toMatchObject({
    shards: 2,
    cells: [{ benchmark: "bench-sandbox/calc", n, accuracy }],
  })
  expect(merged.code).toBe(accuracy < 1 ? 100 : 0)
  const policy = readdirSync(join(folder, "eval-one/eval"))[0]!
  const [file] = readdirSync(join(folder, "eval-one/eval", policy)).filter((name) => /calc[^.]*\.jsonl$/.test(name))
  expect(records("eval-all", join("eval", policy, file!))).toBe(records("eval-one", join("eval", policy, file!)))
  const { stdout } = await swirl("jobs")
  expect(stdout).toMatch(/^swirl-eval-all-\S+ +eval calc 2\/2 +SUCCEEDED/m)
}, 240_000)
