/** Real worker processes with a job that none can do: they fail it, and live on. */
import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { createProcessPool, type WorkerRequest } from "./process-pool.ts"

const request = {
  settings: { quiet: true, plugin: [], data: [], price: [] },
  directory: "nowhere",
  experiment: {},
  job: { id: "a job", kind: "unknown" },
} as unknown as WorkerRequest

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
