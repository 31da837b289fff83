/** A table that grows row by row: one row is run and the others are missing, not zeros; each is asked in its own way. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { check } from "../../../scripts/recount/check.ts"

const experiment = {
  name: "rows",
  policy: "nano",
  judge: "grounded",
  cells: ["calc/test", "calc/test@1"],
  limits: { steps: 5 },
  trainings: [
    { name: "first", train: ["calc"], filter: "none", algorithm: "swirl", options: { tokenBudget: 150 } },
    { name: "second", train: ["calc"], filter: "none", algorithm: "sft" },
  ],
  references: [{ name: "aloud", tools: "none", limits: { stepTokens: 20 } }],
  generation: { tasks: 8, samples: 1, temperature: 1 },
  evaluation: { questions: 6, epochs: 2, skip: 2 },
  training: { iterations: 2 },
  rolloutTasks: 0,
  details: true,
}

/** The exit code of `npm run study -- --check`, and what it says. */
function checked(folder: string): [code: number, text: string] {
  const lines: string[] = []
  return [check(folder, (line) => void lines.push(line)), lines.join("\n")]
}

test("one row runs with what it needs, the others are shown as missing, and the next goes on in the same table", async () => {
  const directory = temporaryFolder({ "rows.experiment.json": JSON.stringify(experiment) })
  const swirl = swirlIn(directory)
  const matrix = (...only: string[]) =>
    swirl("matrix", "rows.experiment.json", "--backend", "wasm", "--processes", "1", "--json", ...only)
  const at = (...parts: string[]) => join(directory, "runs/rows", ...parts)

  // Made elsewhere, before there was a matrix.
  const limits = ["--limit", "8", "--steps", "5", "--seed", "7", "--backend", "wasm"]
  expect((await swirl("generate", "calc", ...limits, "--run", "made", "--json")).json.trajectories).toBe(8)
  mkdirSync(at("seed-7"), { recursive: true })
  renameSync(join(directory, "made"), at("seed-7/calc"))
  const made = readFileSync(at("seed-7/calc/trajectories.jsonl"), "utf8")

  const first = await matrix("--only", "base,first")
  expect([first.code, first.stderr]).toEqual([0, expect.stringContaining("jobs done")])
  expect(existsSync(at("seed-7/second"))).toBe(false)
  expect(readFileSync(at("seed-7/calc/trajectories.jsonl"), "utf8")).toBe(made)
  const { base, baseBySeed, rows, unfinished } = first.json
  expect(base["calc/test"].n).toBe(6)
  expect(baseBySeed[0].cells["calc/test@1"]).toMatchObject({ n: 12, questions: 6 })
  expect(rows.map(({ name, outcome }: { name: string; outcome?: string }) => [name, outcome])).toEqual([
    ["first", undefined],
    ["second", "not run yet"],
    ["aloud", "not run yet"],
  ])
  expect(unfinished).toEqual(["train second seed 7", "evaluate second seed 7", "evaluate aloud"])
  const [row] = rows
  expect(row.cells["calc/test"].protocol).toMatchObject({ trajectories: 6, answered: expect.any(Number) })
  // The base is asked the same 6 questions, so what was answered more or less is in sixths.
  const { answered } = row.cells["calc/test"].behaviour
  expect(answered).toMatchObject({ questions: 6, ci: [expect.any(Number), expect.any(Number)] })
  expect(answered.value).toBeCloseTo(row.cells["calc/test"].protocol.answered - base["calc/test"].protocol.answered, 12)
  expect(readFileSync(at("report/matrix.md"), "utf8")).toContain("What changed in how questions were answered")
  expect(row.cost).toMatchObject({ steps: 1, sampledTokens: expect.any(Number) })
  expect(row.cost.sampledTokens).toBeGreaterThanOrEqual(150)
  expect(readFileSync(at("report/matrix.md"), "utf8")).toContain("| second #7 | – |")

  const aloud = await matrix("--only", "aloud")
  expect(aloud.json.unfinished).toEqual(["train second seed 7", "evaluate second seed 7"])
  const settings = Object.values(JSON.parse(readFileSync(at("aloud/run.json"), "utf8")).spec)
  expect(settings[0]).toMatchObject({ tools: "none", limits: { stepTokens: 20 }, limit: 6, skip: 2 })
  expect(settings[1]).toMatchObject({ epochs: 2, temperature: 1 })
  const told = await matrix("--only", "furst")
  expect([told.code, told.stderr]).toEqual([2, expect.stringContaining('no row "furst". Did you mean "first"?')])

  // What stands in the folders is checked in a process of its own, and what it refuses is the user's to mend.
  writeFileSync(
    join(directory, "other.experiment.json"),
    JSON.stringify({ ...experiment, training: { iterations: 2, learningRate: 1e-5 } }),
  )
  const other = await swirl("matrix", "other.experiment.json", "--backend", "wasm", "--only", "first")
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("learningRate")])

  expect(checked(at())).toEqual([0, expect.stringMatching(/\d{2,} figures .* 0 different, 0 unknown/)])

  const all = await matrix()
  expect([all.code, all.json.unfinished]).toEqual([0, undefined])
  expect(all.json.rows[0].cells["calc/test"]).toMatchObject({ accuracy: row.cells["calc/test"].accuracy })
  expect(checked(at())).toEqual([0, expect.stringContaining("0 different, 0 unknown")])
}, 240_000)
