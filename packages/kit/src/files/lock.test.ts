import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { ended, sourceFlags, startChild, temporaryFolder, until } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { acquireLock, waitForLock } from "./lock.ts"
import { processStart } from "./process-identity.ts"

it("refuses a second owner, says who the first is, and is free after release", async () => {
  const folder = temporaryFolder()
  const lock = await acquireLock(folder)
  await expect(acquireLock(folder)).rejects.toThrow("this process itself")
  await lock.release()
  await (await acquireLock(folder)).release()
  expect(await readdir(folder)).toEqual([])
})

it("names a live owner's process, and takes over at once when it was killed", async () => {
  const folder = temporaryFolder()
  const child = startChild(new URL("../../test/lock-child.ts", import.meta.url), folder)
  await until(() => child.output().includes("got it"))
  await expect(acquireLock(folder)).rejects.toThrow(`process ${child.pid}`)
  child.kill("SIGKILL")
  await ended(child)
  expect(await readFile(join(folder, "lock"), "utf8")).toContain(String(child.pid))
  const lock = await acquireLock(folder)
  expect(await readdir(folder)).toEqual(["lock"])
  await lock.release()
})

it("is released when its process ends by itself", async () => {
  const folder = temporaryFolder()
  const child = startChild(new URL("../../test/lock-child.ts", import.meta.url), folder)
  await until(() => child.output().includes("got it"))
  child.stdin?.end()
  await ended(child)
  expect(await readdir(folder)).toEqual([])
})

it("knows a reused process number by its start time", async (context) => {
  if ((await processStart(process.ppid)) === undefined) return context.skip("start times are not known here")
  const folder = temporaryFolder()
  const owner = { host: hostname(), pid: process.ppid, since: "2020-01-01T00:00:00.000Z", token: "x" }
  await writeFile(join(folder, "lock"), JSON.stringify({ ...owner, processStart: await processStart(process.ppid) }))
  await expect(acquireLock(folder)).rejects.toThrow(`process ${process.ppid}`)
  await writeFile(join(folder, "lock"), JSON.stringify({ ...owner, processStart: "another boot:1" }))
  await (await acquireLock(folder)).release()
})

it("believes that an owner on another host is alive, and says what to delete", async () => {
  const folder = temporaryFolder()
  const owner = { host: "elsewhere", pid: 1, since: "2020-01-01T00:00:00.000Z", token: "x" }
  await writeFile(join(folder, "lock"), JSON.stringify(owner))
  await expect(acquireLock(folder)).rejects.toThrow(/on elsewhere.*delete .*lock/)
})

it("gives a dead owner's lock to exactly one of many that come at once", async () => {
  const folder = temporaryFolder()
  const dead = { host: hostname(), pid: 2 ** 22 + 1, since: "2020-01-01T00:00:00.000Z", token: "x" }
  await writeFile(join(folder, "lock"), JSON.stringify(dead))
  const children = Array.from({ length: 6 }, () =>
    startChild(new URL("../../test/lock-child.ts", import.meta.url), folder),
  )
  await until(() => children.every((child) => child.output().includes("\n")))
  const outcomes = children.map((child) => child.output().trim())
  for (const child of children) child.stdin?.end()
  await Promise.all(children.map(ended))
  expect(outcomes.filter((outcome) => outcome === "got it")).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome.includes("is being written by process"))).toHaveLength(5)
  expect(await readdir(folder)).toEqual([])
})

it("takes over from a process that was killed and that its parent has not asked about yet", async (context) => {
  if (!existsSync("/proc/self/stat")) return context.skip("there is no /proc here to know a zombie by")
  const folder = temporaryFolder()
  const script = fileURLToPath(new URL("../../test/lock-child.ts", import.meta.url))
  // `sh` becomes `sleep`, which never asks how its child ended.
  const parent = spawn(
    "sh",
    ["-c", '"$@" <&3 & exec sleep 60', "sh", process.execPath, ...sourceFlags, script, folder],
    {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  )
  try {
    await until(() => existsSync(join(folder, "lock")))
    const { pid } = JSON.parse(readFileSync(join(folder, "lock"), "utf8"))
    await expect(acquireLock(folder)).rejects.toThrow(`process ${pid}`)
    process.kill(pid, "SIGKILL")
    await until(() => /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8")))
    await (await acquireLock(folder)).release()
  } finally {
    parent.kill("SIGKILL")
  }
})

it("waits for a live owner where one waits, tells of it once, and holds it alone", async () => {
  const folder = temporaryFolder()
  const first = await acquireLock(folder)
  const waited: number[] = []
  let holders = 0
  const one = async (): Promise<void> => {
    const lock = await waitForLock(first.path, { onWait: ({ pid }) => waited.push(pid) })
    expect(++holders).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 150))
    holders--
    await lock.release()
  }
  const others = [one(), one(), one()]
  await until(() => waited.length === 3)
  await first.release()
  await Promise.all(others)
  expect(waited).toEqual([process.pid, process.pid, process.pid])
  expect(await readdir(folder)).toEqual([])
})

it("waits no longer than it is told to", async () => {
  const folder = temporaryFolder()
  const first = await acquireLock(folder)
  const stop = new AbortController()
  const waiting = waitForLock(first.path, { abortSignal: stop.signal, onWait: () => stop.abort(new Error("stop")) })
  await expect(waiting).rejects.toThrow("stop")
  expect(await readdir(folder)).toEqual(["lock"])
  await first.release()
})

it("leaves a lock alone that somebody else has taken meanwhile", async () => {
  const folder = temporaryFolder()
  const lock = await acquireLock(folder)
  await writeFile(lock.path, "another owner's")
  await lock.release()
  expect(await readFile(lock.path, "utf8")).toBe("another owner's")
})

it("says so where the lock is no file", async () => {
  const folder = temporaryFolder()
  await mkdir(join(folder, "lock"))
  await expect(acquireLock(folder)).rejects.toThrow(/lock: there is a folder of that name/)
})
