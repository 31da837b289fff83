/** A training goes on with the weights and the judge that it began with, wherever these lie: others are refused, and the folder stays as it is. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { contentHash, createRegistry, definePlugin, type MetricRecord, TrajectorySchema } from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { formats } from "@swirl-ts/runner"
import { openRecordFile, readRun, runPaths } from "@swirl-ts/store"
import {
  digitsBenchmark,
  digitTasks,
  digitTrajectory,
  fakeModel,
  folderDigests,
  idleEngine,
  temporaryFolder,
  testHost,
} from "@swirl-ts/test-support"
import { trainer } from "@swirl-ts/trainer"
import { beforeEach, expect, test } from "vitest"
import { train } from "./train.ts"
import { checkTraining, type TrainRequest } from "./training-stage.ts"

const first = { "a/policy": "weights", "b/policy": "weights", "a/judge": "wise", "b/judge": "wise" }
let weights: Record<string, string> = first
beforeEach(() => {
  weights = first
})
const digestOf = (path: string): string => contentHash(weights[path] ?? "none")
const plugin = definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    digits: digitsBenchmark(() => digitTasks(7)),
  },
  models: {
    local: {
      description: "",
      open: async (path) => ({ model: fakeModel(() => "GOOD"), identity: digestOf(path), identityIsDigest: true }),
    },
  },
  engines: {
    here: {
      description: "",
      create: async () => idleEngine(),
      identity: async (policy) => digestOf(policy.slice("local:".length)),
    },
  },
  algorithms: {
    probe: {
      description: "",
      async train({ directory }) {
        const metric: MetricRecord = { schema: "swirl.metric/1", step: 0, values: {}, alarms: [] }
        writeFileSync(join(directory, "metrics.jsonl"), `${JSON.stringify(metric)}\n`)
        return { checkpoint: "", steps: 1, alarms: [] }
      },
    },
  },
})

const contextOf = (directory: string) => ({
  registry: createRegistry([plugin, judges(), trainer(), formats()]),
  host: testHost(),
  directory,
  seed: 1,
  concurrency: 2,
})
const request: TrainRequest = {
  name: "first",
  policy: "local:a/policy",
  algorithm: "probe",
  engine: "here",
  strategy: "outcome",
  judge: "llm",
  judgeOptions: { model: "local:a/judge" },
  options: {},
  rolloutTasks: 0,
}

async function begun(): Promise<string> {
  const directory = temporaryFolder()
  const file = await openRecordFile(runPaths(directory).trajectories, TrajectorySchema)
  await file.append(digitTrajectory(7))
  await file.close()
  await train(contextOf(directory), request)
  return directory
}

test.each([
  ["the policy", { "a/policy": "others" }, "the weights under local:a/policy are others"],
  ["the judge's model", { "a/judge": "foolish" }, "the judge llm asks another model or has other settings"],
])("other weights of %s under the same path are refused, by the check of a plan too", async (_what, change, says) => {
  const directory = await begun()
  const before = folderDigests(directory)
  weights = { ...first, ...change }
  for (const run of [train, checkTraining]) {
    const message = expect.stringMatching(new RegExp(`already holds "train/first" .*${says} .*Give another folder`))
    await expect(run(contextOf(directory), request)).rejects.toMatchObject({ kind: "usage", message })
    expect(folderDigests(directory)).toEqual(before)
  }
})

test("the same weights under another path are gone on with", async () => {
  const directory = await begun()
  const moved = { ...request, policy: "local:b/policy", judgeOptions: { model: "local:b/judge" } }
  await checkTraining(contextOf(directory), moved)
  expect(await train(contextOf(directory), moved)).toMatchObject({ steps: 1 })
})

test("of a training of before the digests were written the strings are compared, and nothing is vouched for", async () => {
  const directory = await begun()
  const path = runPaths(directory).run
  writeFileSync(path, JSON.stringify({ ...(await readRun(directory)), digests: {} }))
  const before = folderDigests(directory)
  await expect(train(contextOf(directory), { ...request, policy: "local:b/policy" })).rejects.toThrow(
    'policy was "local:a/policy" and is "local:b/policy" now',
  )
  expect(folderDigests(directory)).toEqual(before)
  await train(contextOf(directory), request)
  expect((await readRun(directory))?.digests).toEqual({})
})

test("what cannot begin at all has written nothing", async () => {
  const directory = await begun()
  const before = folderDigests(directory)
  for (const change of [{ engine: "none" }, { algorithm: "none" }, { judge: "none" }, { strategy: "none-such" }]) {
    await expect(train(contextOf(directory), { ...request, name: "other", ...change })).rejects.toMatchObject({
      kind: "usage",
    })
    expect(folderDigests(directory)).toEqual(before)
  }
})
