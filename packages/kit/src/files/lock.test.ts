import { readdir, readFile, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import { ended, startChild, temporaryFolder, until } from "@swirl-ts/testing"
import { expect, it } from "vitest"
import { acquireLock } from "./lock.ts"
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
