/** A run folder that 0.1.0 made before its records said temperature, metric and oracle: everything still opens, with the same numbers. */
import { cpSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { reportSummary } from "./report-summary.ts"

const folder = temporaryFolder()
cpSync(fileURLToPath(new URL("../../../fixtures/run-0.1.0", import.meta.url)), join(folder, "run"), { recursive: true })
const swirl = swirlIn(folder)

const interval = {
  0: [0, 0.3244075648838798],
  0.125: [0.02241749145005672, 0.4708881822128531],
  0.75: [0.40927543031016916, 0.9285207872478909],
} as const
const cell = (name: string, accuracy: keyof typeof interval) => {
  const result = { accuracy, n: 8, ci: interval[accuracy] }
  // No answer differs, which leaves at most 1 - .025 ^ (1 / 8) of the questions to do so.
  const ci = [expect.closeTo(-0.3694166475528, 9), expect.closeTo(0.3694166475528, 9)]
  return { cell: name, base: result, result: { ...result, change: { value: 0, ci, p: 1 } } }
}

test("compare pairs greedy with greedy and temperature 1 with temperature 1, with the numbers of then", async () => {
  const [a, b] = ["run/eval/nano-f2d1e9be", "run/eval/local-run-before-train-swirl-none-checkpoints-2-27e92a7c"]
  const { json } = await swirl("compare", a, b, "--json")
  expect(json).toMatchObject({
    a,
    b,
    cells: [
      cell("bench-sandbox/calc/test@1", 0),
      cell("bench-sandbox/calc/test", 0.125),
      cell("bench-sandbox/lookup/test", 0.75),
    ],
  })
}, 30_000)

test("report tells the two temperatures and the oracle apart", async () => {
  expect((await swirl("report", "--run", "run", "--json")).code).toBe(0)
  const { cells, groups, calibration } = reportSummary(join(folder, "run"))
  const shown = groups
    .filter(({ stage }) => stage === "evaluate")
    .map(({ cell: number, right, samples }) => `${cells[number]!.name} ${(100 * right) / samples}`)
  const each = ["calc/test 12.5", "calc/test@1 0", "lookup/test 75"]
  expect(shown.sort()).toEqual(each.flatMap((line) => [line, line]))
  expect(calibration).toContainEqual(
    expect.objectContaining({ judge: "judges/grounded/1 bench-sandbox/calc bcfd7062", oracle: "plan" }),
  )
}, 30_000)

test("validate accepts every record file and document", async () => {
  const files = readdirSync(join(folder, "run"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.jsonl$|^(run|filters\/\w+|train\/[\w-]+\/(training|result))\.json$/.test(name),
  )
  expect(files).toHaveLength(20)
  await Promise.all(
    files.map(async (file) => {
      const { code, stdout } = await swirl("validate", join("run", file))
      expect([file, code, stdout]).toEqual([file, 0, expect.stringContaining("all valid")])
    }),
  )
  const { records } = (await swirl("validate", "run", "--json")).json
  expect(records).toMatchObject({ "swirl.run/1": 1, "swirl.filter/1": 2, "swirl.trajectory/1": 58 })
}, 120_000)
