/** Standard output on a disk that is full, as `> results.json` is then: the command has not done what it was asked for. */
import { spawnSync } from "node:child_process"
import { closeSync, existsSync, openSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { sourceFlags, swirlCommand, swirlEnvironment, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

test("a result that cannot be written is a failure that is said", (context) => {
  if (!existsSync("/dev/full")) return context.skip("there is no /dev/full")
  const folder = temporaryFolder()
  const full = openSync("/dev/full", "w")
  const options = { cwd: folder, env: swirlEnvironment(folder), encoding: "utf8" as const }
  const { status, stderr } = spawnSync(
    process.execPath,
    [...sourceFlags, swirlCommand, "validate", "--schema", "swirl.run/1"],
    {
      ...options,
      stdio: ["ignore", full, "pipe"],
    },
  )
  closeSync(full)
  expect(stderr).toMatch(/^Could not write the result to standard output: the disk is full\./)
  expect(status).toBe(1)
})

test("what is said on the way may be lost: the result is there", (context) => {
  if (!existsSync("/dev/full")) return context.skip("there is no /dev/full")
  const folder = temporaryFolder()
  const [out, full] = [openSync(join(folder, "out"), "w"), openSync("/dev/full", "w")]
  const { status } = spawnSync(process.execPath, [...sourceFlags, swirlCommand, "list", "tools", "--json"], {
    cwd: folder,
    env: swirlEnvironment(folder),
    stdio: ["ignore", out, full],
  })
  expect(status).toBe(0)
  expect(JSON.parse(readFileSync(join(folder, "out"), "utf8"))).toBeTruthy()
})
