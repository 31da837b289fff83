/** A run folder that is broken, foreign or of a newer version ends a command with exit code 2, and every file is as before. */
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folderDigests, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"

const made = temporaryFolder()
const commands = {
  generate: "generate calc --limit 3 --model nano",
  eval: "eval calc --limit 3 --model nano",
  judge: "judge",
  filter: "filter --strategy process",
  train: "train --strategy process --rollout-tasks 0 --iterations 1",
}
beforeAll(async () => {
  const swirl = swirlIn(made)
  for (const name of ["generate", "eval", "judge", "filter"] as const)
    expect((await swirl(...commands[name].split(" "), "--run", "run")).code).toBe(0)
}, 60_000)

const newer = (text: string): string => text.replace('/1"', '/2"')
const line2 = (change: (line: string) => string) => (text: string) =>
  text
    .split("\n")
    .with(1, change(text.split("\n")[1]!))
    .join("\n")

test.each([
  [
    "generate",
    "trajectories.jsonl",
    line2(newer),
    /trajectories\.jsonl, line 2 \(id \w+\) is of a newer version of swirl-ts \(made by .*Update this one/,
  ],
  ["eval", "run.json", newer, /run\.json is of a newer version of swirl-ts \(made by .*\): it is "swirl\.run\/2"/],
  [
    "judge",
    "verdicts.jsonl",
    line2(() => '{"role":"user"}'),
    /verdicts\.jsonl, line 2 is not a record .*: "schema" is missing\. Repair or delete/,
  ],
  ["filter", "filters/process.json", newer, /process\.json is of a newer version/],
  [
    "train",
    "verdicts.jsonl",
    line2(() => "[]"),
    /verdicts\.jsonl, line 2 is not a record that can be read: it is no object/,
  ],
  [
    "train",
    "filters/process.json",
    () => "\0".repeat(99),
    /process\.json is not a record .* or delete it and run what wrote it again/,
  ],
] as const)(
  "swirl %s, %s broken",
  async (command, file, change, says) => {
    const folder = temporaryFolder()
    cpSync(join(made, "run"), join(folder, "run"), { recursive: true })
    const path = join(folder, "run", file)
    writeFileSync(path, change(readFileSync(path, "utf8")))
    const before = folderDigests(join(folder, "run"))
    const { code, stderr } = await swirlIn(folder)(...commands[command].split(" "), "--run", "run")
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)])
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(folderDigests(join(folder, "run"))).toEqual(before)
  },
  30_000,
)
