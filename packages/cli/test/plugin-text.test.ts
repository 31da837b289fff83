/** The text of a plugin's file, and of what it imports, stands beside the numbers that it made; packages are left to their versions. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const plugin = `import { definePlugin } from "@swirl-ts/core"
import { right } from "./lib/right.ts"
const limits = { toolCalls: 0, steps: 1, stepTokens: 9, trajectoryTokens: 99 }
export default definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    quiz: {
      description: "", splits: ["test"], tools: [], limits, primaryMetric: "exact",
      load: () => ["a", "b", "c"].map((id) => ({ id, question: id })),
      prompt: ({ question }) => [{ role: "user", content: [{ type: "text", text: question }] }],
      score: (_task, given) => ({ exact: right(given) }),
    },
  },
})`
const scorer = (right: number) => `export const right = (given) => (given === "1" ? ${right} : 0)\n`

test("a scorer that was edited between two runs is said, and both texts stand in run.json", async () => {
  const folder = temporaryFolder({
    "plugin.ts": plugin,
    "lib/right.ts": scorer(1),
    "turns.jsonl": '{"reply":"<answer>1</answer>"}\n',
  })
  const swirl = swirlIn(folder)
  const evaluate = (limit: number) =>
    swirl(..."eval quiz --plugin ./plugin.ts --model script:turns.jsonl --run r --json --limit".split(" "), `${limit}`)
  const before = await evaluate(1)
  const same = await evaluate(2)
  writeFileSync(join(folder, "lib", "right.ts"), scorer(0))
  const edited = await evaluate(3)
  const provenanceOf = ({ json }: typeof before) => json.cells[0].provenance
  const { texts } = provenanceOf(before)
  expect([before, same, edited].map(({ code }) => code)).toEqual([0, 0, 0])
  expect(texts).toEqual({ mine: expect.stringMatching(/^[0-9a-f]{16}$/) })
  expect(provenanceOf(same).texts).toEqual(texts)
  expect(same.stderr).not.toContain("goes on with")
  const now = provenanceOf(edited)
  expect(now.texts.mine).not.toBe(texts.mine)
  expect(now.earlier).toMatchObject([{ texts }])
  expect(edited.stderr).toContain(`goes on with another text of mine (${texts.mine} then, ${now.texts.mine} now)`)
})
