import { join } from "node:path"
import { jsonLines, swirlIn, temporaryFolder, trajectory } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const controls = "\u001b[2J\u001b]0;title\u0007"
const first = { ...trajectory("aaaaaa11", "how much is 1 + 1 ?", [["1 + 1", `2${controls}`], ["=2"]]), split: "train" }
const second = { ...trajectory("aaaaaa22", "<script>?", [["!no tag", "write a call"]]), split: "train" }
const verdict = {
  schema: "swirl.verdict/1",
  id: "v",
  trajectoryId: first.id,
  step: 0,
  judge: "mine",
  verdict: "bad",
  reason: "not needed\u202e",
}
const folder = temporaryFolder({
  "run/seed-7/calc/trajectories.jsonl": jsonLines([first, second]),
  "run/seed-7/calc/verdicts.jsonl": jsonLines([verdict]),
})
const swirl = swirlIn(folder)

test("a trajectory is printed with its steps, results and verdicts, whatever its texts hold", async () => {
  const { stdout, code } = await swirl("show", first.id, "--run", "run")
  expect(code).toBe(0)
  expect(stdout).toContain(
    `aaaaaa11: bench-sandbox/calc/train, test/aaaaaa11, epoch 0, of script (generate, ${join(folder, "run/seed-7/calc")})`,
  )
  expect(stdout).toContain("call    calculator: 1 + 1")
  expect(stdout).toContain("result  2⟨U+001B⟩[2J⟨U+001B⟩]0;title⟨U+0007⟩")
  expect(stdout).toContain("bad     mine: not needed⟨U+202E⟩")
  expect(stdout).not.toContain("\u001b")
  const { json } = await swirl("show", "aaaaaa1", "--run", "run", "--json")
  expect(json).toMatchObject({
    id: first.id,
    stage: "generate",
    steps: [
      {
        observation: { text: `2${controls}` },
        verdicts: [{ judge: "mine", oracle: false, verdict: "bad" }],
        entered: [{ role: "assistant" }, { role: "user" }],
      },
      { answer: "2" },
    ],
  })
}, 120_000)

test("several that begin so are named, and what is neither a benchmark nor a trajectory is said to be none", async () => {
  const several = await swirl("show", "aaaaaa", "--run", "run")
  expect([several.code, several.stderr]).toEqual([
    2,
    expect.stringContaining("2 trajectories begin with aaaaaa: aaaaaa11, aaaaaa22. Give more of the id."),
  ])
  const none = await swirl("show", "nothing", "--run", "run")
  expect([none.code, none.stderr]).toEqual([
    2,
    expect.stringMatching(/no benchmark.*"nothing".*Nor is it the id of a trajectory in .*run/s),
  ])
}, 120_000)
