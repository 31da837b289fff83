/** The embedded policy under a judge that scores nothing: counted, alarmed, stopped, and gone back to where it began. */
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

test("a training ends with its first alarm where it is told to, and says which checkpoint it gives and how to go on", async () => {
  const directory = temporaryFolder()
  await writeFile(
    join(directory, "mute.mjs"),
    `import { definePlugin } from "@swirl-ts/core"
export default definePlugin({
  meta: { name: "mute", version: "1.0.0", apiVersion: 1 },
  judges: { mute: { description: "j", create: () => ({ identity: "mute/1", judge: () => ({ verdict: "unscored", reason: "down" }) }) } },
})`,
  )
  await mkdir(join(directory, "node_modules"))
  const packages = fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url))
  await symlink(packages, join(directory, "node_modules", "@swirl-ts"))
  const swirl = swirlIn(directory)
  const run = ["--run", "runs/nano", "--backend", "wasm", "--plugin", "./mute.mjs"]
  expect((await swirl("generate", "calc", "--limit", "4", ...run)).code).toBe(0)
  const small = ["--option", "states=4", "--option", "samples=2", "--iterations", "3", "--rollout-tasks", "4"]
  const command = ["train", "--strategy", "none", "--judge", "mute", "--name", "first", ...small, ...run]
  const { code, stdout } = await swirl(...command, "--stop-on-alarm")
  expect(code).toBe(0)
  expect(stdout).toMatch(/alarm at step 1: unscored: the judge gave no score to \d+\.0 % of the actions/)
  expect(stdout).toMatch(/stopped by it; the checkpoint is that of step 0, .*without --stop-on-alarm\n/)
  const again = await swirl(...command, "--stop-on-alarm", "--json")
  expect(again.json).toMatchObject({ steps: 1, stopped: { step: 1, checkpoint: 0 } })
  expect(again.json.checkpoint).toMatch(/checkpoints.0$/)
  expect((await swirl("validate", "runs/nano", "--json")).code).toBe(0)
  const on = await swirl(...command, "--json")
  expect([on.json.steps, on.json.stopped]).toEqual([3, undefined])
  const refused = await swirl(...command, "--name", "other", "--rollout-tasks", "0", "--stop-on-alarm")
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("this training makes none")])
}, 120_000)
