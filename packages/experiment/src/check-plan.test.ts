import { cpSync } from "node:fs"
import { join } from "node:path"
import { createRegistry, definePlugin } from "@swirl-ts/core"
import { openRun } from "@swirl-ts/store"
import { folderDigests, jsonLines, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { checkPlan } from "./check-plan.ts"
import { crossTrainings, defineExperiment } from "./experiment.ts"

const plugin = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  algorithms: { swirl: { description: "", train: async () => ({ checkpoint: "", steps: 0, alarms: [] }) } },
})

test("a training with other options is refused before any job, and every file is as before", async () => {
  const directory = temporaryFolder()
  const [training] = crossTrainings(["calc"], ["none"])
  const plan = { policy: "nano", judge: "form", seeds: [1], cells: ["calc/test"], trainings: [training!] }
  const folder = join(directory, "seed-1", training!.name)
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  await checkPlan(context, defineExperiment(plan))
  await (await openRun(folder, { spec: { [`train/${training!.name}`]: { options: { states: 4 } } } })).close()
  const metric = { schema: "swirl.metric/1", step: 1, values: {} }
  const made = temporaryFolder({ "metrics.jsonl": jsonLines([metric]) })
  cpSync(made, join(folder, "train", training!.name), { recursive: true })
  const before = folderDigests(directory)
  await expect(checkPlan(context, defineExperiment(plan))).rejects.toThrow('options was {"states":4} and is {} now')
  expect(folderDigests(directory)).toEqual(before)
})
