import { execFileSync } from "node:child_process"
import { rmSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { diskError, writeFileAtomic } from "@swirl-ts/kit"
import { temporaryFolder } from "@swirl-ts/test-support"
import { afterAll, expect, it } from "vitest"
import { z } from "zod"
import { readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

const Schema = z.object({ id: z.string(), text: z.string() })
const mounts: string[] = []
afterAll(() => {
  for (const folder of mounts) execFileSync("umount", [folder])
})

/** A disk of 64 KiB; undefined where this user may not mount one. */
async function tinyDisk(): Promise<string | undefined> {
  const folder = join(temporaryFolder(), "disk")
  await mkdir(folder)
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" })
  } catch {
    return undefined
  }
  mounts.push(folder)
  return folder
}

it("says that the disk is full, keeps what was acknowledged, and goes on when there is room again", async (context) => {
  const disk = await tinyDisk()
  if (!disk) return context.skip("this user may not mount a small tmpfs")
  const path = join(disk, "a.jsonl")
  await writeFileAtomic(join(disk, "ballast"), "x".repeat(20_000))
  const file = await openRecordFile(path, Schema)
  const kept: string[] = []
  let failure: unknown
  for (let index = 0; index < 100 && !failure; index++) {
    try {
      await file.append({ id: `${index}`, text: "y".repeat(3000) })
      kept.push(`${index}`)
    } catch (error) {
      failure = error
    }
  }
  expect(String(failure)).toContain("the disk is full")
  const ids = async () => (await Array.fromAsync(readRecords(path, Schema))).map((record) => record.id)
  expect(await ids()).toEqual(kept)
  expect(file.has(`${kept.length}`)).toBe(false)
  await expect(writeFileAtomic(join(disk, "run.json"), "z".repeat(60_000))).rejects.toThrow("the disk is full")
  rmSync(join(disk, "ballast"))
  await file.append({ id: "later", text: "y".repeat(3000) })
  expect(await ids()).toEqual([...kept, "later"])
  await file.close()
})

it("leaves a file as it is where there is no room to write it anew", async (context) => {
  const disk = await tinyDisk()
  if (!disk) return context.skip("this user may not mount a small tmpfs")
  const path = join(disk, "a.jsonl")
  const file = await openRecordFile(path, Schema)
  for (let index = 0; index < 9; index++) await file.append({ id: `${index}`, text: "y".repeat(3000) })
  await writeFileAtomic(join(disk, "ballast"), "x".repeat(20_000))
  file.drop(["3", "5"])
  await file.close()
  expect(await Array.fromAsync(readRecords(path, Schema))).toHaveLength(9)
  rmSync(join(disk, "ballast"))
  const again = await openRecordFile(path, Schema, { isDropped: ({ id }) => id === "3" || id === "5" })
  await again.close()
  expect(await Array.fromAsync(readRecords(path, Schema))).toHaveLength(7)
})

it.each(["ENOSPC", "EACCES", "EROFS", "EISDIR", "EDQUOT", "EIO"])(
  "turns %s into a sentence that names the file",
  (code) => {
    const error = diskError(Object.assign(new Error(code), { code }), "write", "/runs/a.jsonl") as Error
    expect(error.message).toMatch(/^Could not write \/runs\/a\.jsonl: .+\.$/)
  },
)

it("leaves errors alone that are none of the disk's", () => {
  const error = new TypeError("x is not a function")
  expect(diskError(error, "write", "/x")).toBe(error)
})
