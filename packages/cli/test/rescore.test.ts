/** A changed scorer on what was answered already. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folderDigests, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const benchmark = (score: string) => `
import { definePlugin, instructions, userMessage } from "@swirl-ts/core"
export default definePlugin({
  meta: { name: "towns", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    towns: {
      description: "Towns.", splits: ["test"], primaryMetric: "exact", tools: [],
      limits: { toolCalls: 0, steps: 1, stepTokens: 200, trajectoryTokens: 4000 },
      async *load() {
        for (const [id, answer] of [["0", "Oslo"], ["1", "rome"], ["2", "Bonn"]]) yield { id, question: "Town " + id + "?", answer }
      },
      prompt: (task, context) => [userMessage(instructions(task.question, "Answer shortly.", context))],
      score: (task, answer) => { ${score} },
    },
  },
})
`

test("a run folder is scored again without a model; old and new scores are both there, and the difference is counted", async () => {
  const folder = temporaryFolder()
  const swirl = swirlIn(folder)
  const plugin = ["--plugin", "./towns.mjs"]
  const write = (score: string) => writeFileSync(join(folder, "towns.mjs"), benchmark(score))
  write("return { exact: Number(answer === task.answer) }")
  writeFileSync(
    join(folder, "script.json"),
    JSON.stringify([
      { match: "Town 1", reply: "<answer>Rome</answer>" },
      { match: "Town 0", reply: "<answer>Oslo</answer>" },
      { reply: "<answer>Berlin</answer>" },
    ]),
  )
  const made = await swirl("eval", "towns", ...plugin, "--model", "script:script.json", "--run", "a", "--json")
  expect(made.json.cells[0].accuracy).toBeCloseTo(1 / 3)
  const before = folderDigests(join(folder, "a"))

  write("return { exact: Number(answer?.toLowerCase() === task.answer.toLowerCase()) }")
  writeFileSync(join(folder, "script.json"), "gone")
  const scored = await swirl("score", "a", ...plugin, "--json")
  expect(scored.code).toBe(0)
  expect(scored.json.cells).toMatchObject([
    { samples: 3, changed: 1, higher: 1, lower: 0, unscored: 0, metrics: { exact: { changed: 1 } } },
  ])
  expect(scored.json.cells[0].after).toBeCloseTo(2 / 3)
  expect(folderDigests(join(folder, "a"))).toEqual(before)
  const compared = await swirl("compare", "a", "a-rescored", ...plugin, "--json")
  expect(compared.json.cells[0].result.change.value).toBeCloseTo(1 / 3)

  // The same scores again are no others; other scores are not written over these.
  expect((await swirl("score", "a", ...plugin)).stdout).toMatch(/33\.3 +66\.7 +\+33\.3/)
  write('throw new Error("no idea")')
  const other = await swirl("score", "a", ...plugin)
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("holds other scores already")])
  const unscored = await swirl("score", "a", "--out", "b", ...plugin)
  expect(unscored.code).toBe(3)
  expect(unscored.stdout).toContain("3 that had a score have none now")

  // Another question under the same id is another question.
  write("return { exact: 1 }")
  writeFileSync(join(folder, "towns.mjs"), benchmark("return { exact: 1 }").replace('"Town "', '"City "'))
  const moved = await swirl("score", "a", "--out", "c", ...plugin)
  expect([moved.code, moved.stderr]).toEqual([2, expect.stringContaining("3 are others in the data now")])
  expect(readFileSync(join(folder, scored.json.cells[0].file.slice(folder.length + 1)), "utf8")).toContain('"exact":1')
}, 400_000)

test("what can be scored is said", async () => {
  const swirl = swirlIn(temporaryFolder())
  const said = async (...args: string[]) => {
    const { code, stderr } = await swirl("score", ...args)
    expect(code).toBe(2)
    return stderr
  }
  expect(await said("gsm8k")).toContain("--gold <file> --predictions <file>")
  expect(await said("gsm8k", "--gold", "a")).toContain("give both")
  expect(await said("nowhere")).toContain("nowhere is no run folder")
  expect(await said(".")).toContain("holds no evaluation to score again")
}, 200_000)
