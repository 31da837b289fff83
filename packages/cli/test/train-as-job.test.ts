/** An engine that takes whole trainings, from the command line: what it is handed, and that what follows knows no difference. */
import { cpSync, existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"

/** Hands over what it was given as a file, asks the judge about the first recorded action, and gives the policy back. */
const plugin = `
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { definePlugin } from "@swirl-ts/core"
export default definePlugin({
  meta: { name: "elsewhere", version: "1.0.0", apiVersion: 1 },
  jobEngines: {
    elsewhere: {
      description: "gives the policy back as it was",
      algorithms: ["sft", "swirl"],
      judges: ["swirl"],
      async train(job, options) {
        const { directory, rows, settings, policyDirectory } = job
        const answer = job.judge && await fetch(job.judge.url + "/judge", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ actions: [{ row_id: rows[0].id, completion: rows[0].action }] }),
        })
        const verdict = answer && await answer.json()
        writeFileSync(join(directory, "given.json"), JSON.stringify({ ...job, options, verdict }))
        const checkpoint = join(directory, "checkpoints", String(settings.iterations))
        cpSync(policyDirectory, checkpoint, { recursive: true })
        const metric = { schema: "swirl.metric/1", step: settings.iterations, values: { loss: 1 } }
        writeFileSync(join(directory, "metrics.jsonl"), JSON.stringify(metric) + "\\n")
        return { checkpoint, steps: settings.iterations, alarms: [] }
      },
    },
  },
})
`

const folder = temporaryFolder({ "elsewhere.mjs": plugin })
const swirl = swirlIn(folder)
const train = (...more: string[]) =>
  swirl("train", "--engine", "elsewhere", "--plugin", "./elsewhere.mjs", "--run", "run", "--json", ...more)
interface RecordedStep {
  index: number
  text: string
  tokenIds: number[]
  contextTokenIds: number[]
}

const recordsOf = (file: string) =>
  readFileSync(join(folder, "run", file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
const given = (name: string) => JSON.parse(readFileSync(join(folder, "run", "train", name, "given.json"), "utf8"))

beforeAll(async () => {
  expect((await swirl("generate", "calc", "--limit", "6", "--run", "run")).code).toBe(0)
  expect((await swirl("judge", "--run", "run")).code).toBe(0)
}, 120_000)

test("it is handed every selected step at its state, all settings, the policy's folder, and the address", async () => {
  const trained = await train(
    "--algorithm",
    "sft",
    "--strategy",
    "none",
    "--iterations",
    "2",
    "--engine-url",
    "http://there",
  )
  expect(trained.json).toMatchObject({
    steps: 2,
    kept: 6,
    checkpoint: join(folder, "run/train/sft-none/checkpoints/2"),
  })
  const job = given("sft-none")
  const steps = new Map(
    recordsOf("trajectories.jsonl").flatMap(({ id, steps }: { id: string; steps: RecordedStep[] }) =>
      steps.map((step) => [`${id}/${step.index}`, step] as const),
    ),
  )
  expect(job.rows.map(({ id }: { id: string }) => id).sort()).toEqual([...steps.keys()].sort())
  for (const [place, row] of job.rows.entries()) {
    const { index, text, tokenIds, contextTokenIds } = steps.get(row.id)!
    expect(row).toMatchObject({ action: text, stepIndex: index, tokens: { action: tokenIds } })
    expect(row.messages).toHaveLength(1 + 2 * index)
    // The state goes on where the step before ended, with nothing tokenised again.
    const before = job.rows[place - 1]?.tokens
    expect(row.tokens.prompt).toEqual([
      ...(index === 0 ? [] : [...before.prompt, ...before.action]),
      ...contextTokenIds,
    ])
  }
  expect(job).toMatchObject({
    algorithm: "sft",
    options: { url: "http://there" },
    settings: { iterations: 2, trajectories: 32 },
  })
  expect(job.judge).toBeUndefined()
  expect(existsSync(join(job.policyDirectory, "model.safetensors"))).toBe(true)
}, 60_000)

test("what follows knows no difference: eval, compare, report, and the questions it has seen", async () => {
  const checkpoint = join(folder, "run/train/sft-none/checkpoints/2")
  const evaluate = (...args: string[]) => swirl("eval", "calc", "--limit", "3", "--run", "run", "--json", ...args)
  expect((await evaluate("--model", `local:${checkpoint}`)).json.cells).toMatchObject([{ n: 3 }])
  const seen = await swirl("eval", "calc/train", "--limit", "3", "--run", "run", "--model", `local:${checkpoint}`)
  expect([seen.code, seen.stderr]).toEqual([2, expect.stringMatching(/has seen|seen/)])
  const { report } = (await swirl("report", "--run", "run", "--json")).json
  expect(readFileSync(join(dirname(report), "data", "summary.js"), "utf8")).toContain("sft-none")
}, 60_000)

test("an algorithm that asks a judge has one, with verdicts on record", async () => {
  expect((await train("--iterations", "1", "--strategy", "none")).json.steps).toBe(1)
  const { verdict, judge } = given("swirl-none")
  expect(verdict.rewards).toEqual([expect.any(Number)])
  expect(judge.isAttached).toBe(true)
  // It ends with the command.
  await expect(fetch(judge.url)).rejects.toThrow()
}, 60_000)

test("what it does not train by, a dry run and other settings are sentences", async () => {
  const other = await train("--algorithm", "gigpo")
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringMatching(/elsewhere does not train by gigpo; it does by sft, swirl/),
  ])
  const dry = await train("--dry-run")
  expect([dry.code, dry.stderr]).toEqual([2, expect.stringMatching(/--engine local/)])
  const changed = await train(
    "--algorithm",
    "sft",
    "--strategy",
    "none",
    "--iterations",
    "2",
    "--option",
    "learningRate=1",
  )
  expect([changed.code, changed.stderr]).toEqual([2, expect.stringMatching(/learningRate/)])
}, 60_000)

test("a folder that was moved goes on as the same job", async () => {
  cpSync(join(folder, "run"), join(folder, "moved"), { recursive: true })
  const again = await swirl(
    ..."train --engine elsewhere --plugin ./elsewhere.mjs --run moved --algorithm sft --strategy none --iterations 2".split(
      " ",
    ),
  )
  expect(again.code).toBe(0)
  const moved = JSON.parse(readFileSync(join(folder, "moved/train/sft-none/given.json"), "utf8"))
  expect(moved.id).toBe(given("sft-none").id)
}, 60_000)
