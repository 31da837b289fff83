import { mkdir, readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { writeFileAtomic } from "./write-atomic.ts"

it("replaces a file whole, makes missing folders, and leaves nothing beside it", async () => {
  const folder = temporaryFolder()
  const path = join(folder, "a", "b.json")
  await writeFileAtomic(path, "1")
  await writeFileAtomic(path, "2")
  expect(await readFile(path, "utf8")).toBe("2")
  expect(await readdir(join(folder, "a"))).toEqual(["b.json"])
})

it("shows only whole contents to readers while it is written over and over", async () => {
  const path = join(temporaryFolder(), "a.txt")
  await writeFileAtomic(path, "0".repeat(50_000))
  const writes = (async () => {
    for (let round = 1; round < 10; round++) await writeFileAtomic(path, String(round).repeat(50_000))
  })()
  for (let round = 0; round < 30; round++) {
    const text = await readFile(path, "utf8")
    expect(text).toBe(text[0]!.repeat(50_000))
  }
  await writes
})

it("cleans up and says what is wrong when the target is a folder", async () => {
  const folder = temporaryFolder()
  await mkdir(join(folder, "a"))
  await expect(writeFileAtomic(join(folder, "a"), "x")).rejects.toThrow(/there is a folder of that name/)
  expect(await readdir(folder)).toEqual(["a"])
})
