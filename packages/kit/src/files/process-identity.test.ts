import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { until } from "@swirl-ts/test-support"
import { afterEach, expect, it } from "vitest"
import { askPs, isRunning, processStart } from "./process-identity.ts"

const parents: ChildProcess[] = []
afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill("SIGKILL")
})

/** A process that was killed and whose parent never asks how it ended: `sh` becomes `sleep`, which knows no children. */
async function zombie(): Promise<number> {
  const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] })
  parents.push(parent)
  let written = ""
  parent.stdout!.setEncoding("utf8").on("data", (text: string) => {
    written += text
  })
  await until(() => written.includes("\n") && readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sleep\n")
  const pid = Number(written)
  process.kill(pid, "SIGKILL")
  await until(() => /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8")))
  return pid
}

const free = 2 ** 22 + 1

it("tells a process that lives from a number that none has", async () => {
  expect(await isRunning(process.pid)).toBe(true)
  expect(await isRunning(process.ppid)).toBe(true)
  expect(await isRunning(1)).toBe(true)
  expect(await isRunning(free)).toBe(false)
})

it("takes a zombie for dead", async (context) => {
  if (!existsSync("/proc/self/stat")) return context.skip("there is no /proc here to know a zombie by")
  const pid = await zombie()
  expect(() => process.kill(pid, 0)).not.toThrow()
  expect(await isRunning(pid)).toBe(false)
})

it("knows a start that stays, and differs from another process's", async (context) => {
  const start = await processStart(process.pid)
  if (start === undefined) return context.skip("start times are not known here")
  expect(await processStart(process.pid)).toBe(start)
  expect(await processStart(process.ppid)).not.toBe(start)
  expect(await processStart(free)).toBeUndefined()
})

it("is told the same by ps, whatever the asker's language and time zone", async (context) => {
  try {
    execFileSync("ps", ["-o", "stat=", "-o", "lstart=", "-p", "1"])
  } catch {
    return context.skip("this ps does not tell states and starts")
  }
  const own = await askPs(process.pid)
  expect(own).toMatchObject({
    state: expect.stringMatching(/^[RSD]/),
    start: expect.stringMatching(/\d\d:\d\d:\d\d \d{4}$/),
  })
  process.env.TZ = "Pacific/Auckland"
  try {
    expect((await askPs(process.pid))?.start).toBe(own?.start)
  } finally {
    delete process.env.TZ
  }
  expect(await askPs(free)).toBeUndefined()
  if (existsSync("/proc/self/stat"))
    expect(await askPs(await zombie())).toMatchObject({ state: expect.stringMatching(/^Z/) })
})
