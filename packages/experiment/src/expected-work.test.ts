import { createRegistry, definePlugin } from "@swirl-ts/core"
import { testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { expectedWork } from "./expected-work.ts"
import { defineExperiment } from "./experiment.ts"

const plugin = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    numbers: {
      description: "",
      splits: ["train"],
      tools: [],
      limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
      load: () => Array.from({ length: 9 }, (_, row) => ({ id: `${row}`, question: `question ${row}` })),
      prompt: () => [],
      score: () => ({ exact: 1 }),
      primaryMetric: "exact",
    },
  },
  judges: {
    mine: { description: "", create: () => ({ identity: "mine", judge: () => ({ verdict: "good", reason: "" }) }) },
  },
})

test("a split that is both trained on and measured is counted as each asks it", async () => {
  const context = { registry: createRegistry([plugin]), host: testHost(), directory: "", seed: 1, concurrency: 1 }
  const experiment = defineExperiment({
    policy: "nano",
    judge: "mine",
    cells: ["own/numbers/train"],
    trainings: [{ name: "t", train: ["own/numbers"], filter: "none" }],
    generation: { tasks: 8, samples: 1, temperature: 1 },
    evaluation: { questions: 3 },
  })
  const { cells, rollouts } = await expectedWork(context, experiment, { cell: "own/numbers/train" }, { processes: 1 })
  expect(cells).toEqual([{ name: "own/numbers/train", questions: 3 }])
  expect(rollouts.map(({ what, trajectories }) => [what, trajectories])).toEqual([
    ["generate own/numbers", 8],
    ["evaluate base", 3],
    ["evaluate t", 3],
  ])
  const alone = await expectedWork(context, experiment, { cell: "own/numbers/train" }, { processes: 1, only: ["base"] })
  expect(alone.rollouts.map(({ what }) => what)).toEqual(["evaluate base"])
  expect(alone.trainings).toEqual([])
})
