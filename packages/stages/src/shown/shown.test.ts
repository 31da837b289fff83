import { cpSync, renameSync } from "node:fs"
import { join } from "node:path"
import { contentHash, createRegistry, definePlugin, type Task } from "@swirl-ts/core"
import { local } from "@swirl-ts/local"
import { modelDirectory } from "@swirl-ts/policy-nano"
import { formats } from "@swirl-ts/runner"
import { temporaryFolder, testHost, trajectory } from "@swirl-ts/test-support"
import { beforeEach, expect, test } from "vitest"
import type { StageContext } from "../context.ts"
import { recordedReferences } from "./recorded-references.ts"
import { recordedTokens } from "./recorded-tokens.ts"
import { recordedTurns } from "./recorded-turns.ts"

let data: Task[]
let read: string[]
let said: string[]
beforeEach(() => {
  data = Array.from({ length: 4 }, (_, row) => ({
    id: `test/${row}`,
    question: `how much is ${row} ?`,
    answer: `${row}`,
  }))
  read = []
  said = []
})
const sums = definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    sums: {
      description: "",
      splits: ["test"],
      tools: [],
      limits: { toolCalls: 1, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
      primaryMetric: "accuracy",
      *load(_split, { dataPath = "no path", host }) {
        read.push(`${dataPath} ${host.environment.HF_HUB_OFFLINE}`)
        if (dataPath === "gone") throw new Error("there is no such file")
        for (const task of data) {
          read.push(task.id)
          yield task
        }
      },
      prompt: () => [],
      score: () => ({ accuracy: 1 }),
    },
  },
})
const context = (directory: string): StageContext => ({
  registry: createRegistry([sums, formats(), local()]),
  host: { ...testHost(), log: (line) => said.push(line) },
  directory,
  seed: 7,
  concurrency: 1,
})
const asked = (row: number, question = `how much is ${row} ?`) => ({
  benchmark: "mine/sums",
  split: "test",
  taskId: `test/${row}`,
  questionHash: contentHash(question),
})
const runWith = (stage: string, settings: object) =>
  temporaryFolder({
    "run.json": {
      schema: "swirl.run/1",
      id: "r",
      createdAt: "",
      spec: { [stage]: settings },
      specHash: "",
      digests: {},
      machine: {},
    },
  })

test("right answers come from the data that were asked, read once and as far as needed, and nothing is fetched", async () => {
  const run = runWith("eval/nano/mine/sums@0.5/test", { dataPath: "mine.jsonl" })
  const references = recordedReferences(context(run))
  data[1]!.acceptedAnswers = ["1", "one", "1"]
  expect(await references.of(run, asked(1))).toEqual(["1", "one"])
  expect(read).toEqual(["mine.jsonl 1", "test/0", "test/1"])
  expect(await references.of(run, asked(0))).toEqual(["0"])
  expect(await references.of(run, { ...asked(0), questionHash: undefined })).toEqual(["0"])
  expect(read).toHaveLength(3)
  await references.close()
})

test("another question under the same id has no reference, nor have data that are not there", async () => {
  const run = runWith("generate/mine/sums/test", { dataPath: "gone" })
  const references = recordedReferences(context(run))
  expect(await references.of(run, asked(1))).toBeUndefined()
  expect(await references.of(run, asked(2))).toBeUndefined()
  expect(said).toEqual([
    "Right answers of mine/sums/test are not shown: Benchmark mine/sums: load failed: there is no such file",
  ])
  const here = runWith("generate/mine/sums/test", {})
  expect(await references.of(here, asked(1, "how much is 1, in words ?"))).toBeUndefined()
  expect(await references.of(here, asked(9))).toBeUndefined()
  expect(await references.of(here, { ...asked(1), benchmark: "theirs/unknown" })).toBeUndefined()
})

test("turns are those of the trajectory's own format, and none where that is not loaded", () => {
  const turnsOf = recordedTurns(context("").registry)
  const recorded = trajectory("a", "1 + 1 ?", [["1 + 1", "2"], ["=2"]])
  expect(turnsOf(recorded)?.[0]).toMatchObject([
    { role: "assistant" },
    { role: "user", content: [{ text: "1 + 1 -> 2" }] },
  ])
  expect(turnsOf({ ...recorded, actionFormat: "theirs" })).toBeUndefined()
})

test("tokens of a checkpoint that was moved with its run are read where it is now", async () => {
  const first = temporaryFolder()
  cpSync(modelDirectory, join(first, "run", "train", "x", "checkpoints", "20"), { recursive: true })
  const model = `local:${join(first, "run")}/train/x/checkpoints/20`
  const spelled = async (directory: string) => (await recordedTokens(context(directory), directory, model))?.(54)
  const text = await spelled(join(first, "run"))
  expect(text).toMatch(/\S/)
  renameSync(join(first, "run"), join(first, "moved"))
  expect(await spelled(join(first, "moved"))).toBe(text)
  expect(await spelled(join(first, "nowhere"))).toBeUndefined()
  expect(await recordedTokens(context(first), first, "openai:gpt")).toBeUndefined()
})
