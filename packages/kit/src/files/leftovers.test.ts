import { spawn } from "node:child_process"
import { mkdir, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ended, temporaryFolder } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { removeLeftovers } from "./leftovers.ts"
import { temporaryBeside } from "./write-atomic.ts"

it("removes what a dead process left, in every folder, and nothing else", async () => {
  const child = spawn(process.execPath, ["-e", ""])
  const { pid } = child
  child.kill("SIGKILL")
  await ended(child)
  const left = `.a.jsonl.${pid}.0123abcd.tmp`
  const mine = temporaryBeside("a.jsonl")
  const others = ["a.jsonl", ".hidden", `.a.jsonl.${pid}.tmp`, `a.jsonl.${pid}.0123abcd.tmp`]
  const folder = temporaryFolder(Object.fromEntries([left, mine, ...others].map((name) => [name, "x"])))
  await mkdir(join(folder, "eval"))
  await writeFile(join(folder, "eval", left), "x")
  // A folder is somebody's content.
  await mkdir(join(folder, `.old.${pid}.0123abcd.tmp`))
  await removeLeftovers(folder)
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(
    [mine, ...others, "eval", `.old.${pid}.0123abcd.tmp`].sort(),
  )
})

it("says nothing of a folder that is not there", async () => {
  await removeLeftovers(join(temporaryFolder(), "none"))
})
