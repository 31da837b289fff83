import { join } from "node:path"
import { definePlugin, userMessage } from "@swirl-ts/core"
import { checkPlan, defineExperiment } from "@swirl-ts/experiment"
import { evaluateCells } from "@swirl-ts/stages"
import { fakeModel, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { test } from "vitest"
import { createRegistry, official } from "../src/index.ts"

test("cells that were evaluated where the weights lay before and where they lie now are gone on with", async () => {
  const directory = temporaryFolder()
  const benchmark = {
    description: "",
    splits: ["test"],
    tools: [],
    limits: { toolCalls: 0, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
    primaryMetric: "exact",
    load: () => [{ id: "0", question: "?" }],
    prompt: () => [userMessage("?")],
    score: () => ({ exact: 1 }),
  }
  const open = async () => ({ model: fakeModel(() => "<answer>Oslo</answer>"), identity: "w", identityIsDigest: true })
  const towns = definePlugin({
    meta: { name: "towns", version: "1.0.0", apiVersion: 1 },
    benchmarks: { old: benchmark, new: benchmark },
    models: { weights: { description: "", open } },
  })
  const context = {
    registry: createRegistry([...official(), towns]),
    host: testHost(),
    directory,
    seed: 1,
    concurrency: 1,
  }
  const cell = (name: string, model: string) => ({
    ...{ benchmark: name, split: "test", temperature: 0, epochs: 1, limit: 1, actionFormat: "tags" },
    model,
  })
  const here = { ...context, directory: join(directory, "base") }
  await evaluateCells(here, [cell("old", "weights:/before")])
  await evaluateCells(here, [cell("new", "weights:/after")])
  const experiment = defineExperiment({
    policy: "weights:/after",
    judge: "form",
    seeds: [1],
    cells: ["new/test", "old/test"],
    trainings: [],
    evaluation: { questions: 1 },
  })
  await checkPlan(context, experiment)
  await checkPlan(context, { ...experiment, cells: ["old/test", "new/test"] })
})
