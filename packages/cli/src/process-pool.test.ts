/** Real worker processes: with a job that none can do, they fail it, and live on; and one that is killed at its work. */
import { readdirSync, readFileSync } from "node:fs"
import { planJobs, readExperiment } from "@swirl-ts/experiment"
import { chatCompletion, serve, temporaryFolder, until } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { contextOptions } from "./context.ts"
import { settle } from "./options/settle.ts"
import { createProcessPool, type WorkerRequest } from "./process-pool.ts"

const request = {
  settings: { quiet: true, plugin: [], data: [], price: [] },
  directory: "nowhere",
  experiment: {},
  job: { id: "a job", kind: "unknown" },
} as unknown as WorkerRequest

const plan = readExperiment({ name: "p", policy: "nano", judge: "form", cells: ["calc/test"], trainings: [] }, "this")

/** The one child of this process that runs `worker.ts`. */
function workerPid(): number {
  const found = readdirSync("/proc").find((entry) => {
    if (!/^\d+$/.test(entry)) return false
    try {
      const parent = readFileSync(`/proc/${entry}/stat`, "utf8").split(") ")[1]!.split(" ")[1]
      return parent === String(process.pid) && readFileSync(`/proc/${entry}/cmdline`, "utf8").includes("worker.ts")
    } catch {
      return false // It ended meanwhile.
    }
  })
  return Number(found)
}

test.skipIf(process.platform !== "linux")(
  "a worker that dies between two jobs is replaced, and the pool can be closed",
  async () => {
    const pool = createProcessPool(
      { progress() {}, log() {} },
      { add() {}, used: () => ({ inputTokens: 0, outputTokens: 0 }) },
      new AbortController().signal,
    )
    const outcome = () => pool.run(0, request).catch((error: Error) => error.message)
    const first = await outcome()
    expect(first).toEqual(expect.any(String))
    process.kill(workerPid(), "SIGKILL")
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await outcome()).toBe(first)
    pool.close()
  },
  60_000,
)

test.skipIf(process.platform !== "linux")(
  "a worker that holds more memory than it may keep gives it back before the slot's next job, which gets a process of its own",
  async () => {
    const pidsAfter = async (mostKept: number): Promise<[number, number]> => {
      const pool = createProcessPool(
        { progress() {}, log() {} },
        { add() {}, used: () => ({ inputTokens: 0, outputTokens: 0 }) },
        new AbortController().signal,
        { mostKept },
      )
      const settings = settle(contextOptions, { quiet: true })
      const check: WorkerRequest = { settings, directory: temporaryFolder(), experiment: plan }
      await pool.run(0, check)
      const first = workerPid()
      await pool.run(0, check)
      const second = workerPid()
      pool.close()
      await until(() => Number.isNaN(workerPid()), 30_000)
      return [first, second]
    }
    const [first, second] = await pidsAfter(2 ** 40)
    expect(second).toBe(first)
    expect(first).toBeGreaterThan(0)
    expect(await pidsAfter(1)).toEqual([Number.NaN, Number.NaN])
  },
  60_000,
)

test.skipIf(process.platform !== "linux")(
  "what a killed worker had in flight at a server is free for the others",
  async () => {
    const completion = JSON.stringify(chatCompletion({ content: "<answer>7</answer>" }))
    let [held, refused] = [0, 0]
    const { url } = await serve(async (incoming, response) => {
      let text = ""
      for await (const piece of incoming.setEncoding("utf8")) text += piece
      response.setHeader("content-type", "application/json")
      if (!text.includes('"model":"held"')) response.end(completion)
      // The first of four: three at once are what it was seen to take.
      else if (refused++ === 0) response.writeHead(429).end("{}")
      else held++
    })
    const given = {
      name: "kill",
      policy: "openai:good",
      judge: "form",
      cells: ["calc/test"],
      trainings: [],
      references: [{ name: "held", policy: "openai:held" }],
      evaluation: { questions: 20 },
    }
    const experiment = readExperiment(given, "this")
    const jobs = planJobs(experiment)
    const settings = settle(contextOptions, { baseUrl: [`${url}/v1`], quiet: true })
    const asked = { settings, directory: temporaryFolder(), experiment }
    const pool = createProcessPool(
      { progress() {}, log() {} },
      { add() {}, used: () => ({ inputTokens: 0, outputTokens: 0 }) },
      new AbortController().signal,
    )
    const run = (slot: number, row: string): Promise<string> =>
      pool.run(slot, { ...asked, job: jobs.find((job) => job.kind === "evaluate" && job.row === row) }).then(
        () => "done",
        (error: Error) => error.message,
      )
    const first = run(0, "held")
    // All that may be: nobody else is asking it now.
    await until(() => held === 3, 60_000)
    // The refusal is heard of, too.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    process.kill(workerPid(), "SIGKILL")
    expect(await first).toBe('The process of "evaluate held" ended early (SIGKILL). The same command continues.')
    expect(await run(1, "base")).toBe("done")
    pool.close()
  },
  120_000,
)
