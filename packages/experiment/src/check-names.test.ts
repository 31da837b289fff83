import { createRegistry, definePlugin, type Task } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { checkNames } from "./check-names.ts"
import { defineExperiment } from "./experiment.ts"

const algorithm = { description: "", train: async () => ({ checkpoint: "", steps: 0, alarms: [] }) }
const contextOf = (task: Task) => ({
  registry: createRegistry([
    definePlugin({
      meta: { name: "own", version: "1.0.0", apiVersion: 1 },
      algorithms: { gains: { ...algorithm, needs: ["gold"] }, outcomes: { ...algorithm, needs: ["rollouts"] } },
      benchmarks: {
        numbers: {
          description: "",
          splits: ["train", "test"],
          tools: [],
          limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
          load: () => [task],
          prompt: () => [],
          score: () => ({ exact: 1 }),
          primaryMetric: "exact",
        },
      },
    }),
  ]),
  host: testHost(),
  directory: temporaryFolder(),
  seed: 1,
  concurrency: 1,
})
const said = async (task: Task, algorithm: string): Promise<string> => {
  const experiment = defineExperiment({
    policy: "fake:x",
    judge: "form",
    cells: ["numbers/test"],
    trainings: [{ name: "first", train: ["numbers"], filter: "none", algorithm }],
  })
  // Whatever else does not exist here is told, too.
  return checkNames(contextOf(task), experiment, "The experiment").then(String, ({ message }: Error) => message)
}

test("an algorithm that needs reference answers is refused before anything runs where the benchmark hides them", async () => {
  const refusal =
    "trainings.0.algorithm: The algorithm gains needs the reference answers, and numbers/train has none (one). Train on a split"
  expect(await said({ id: "one", question: "1" }, "gains")).toContain(refusal)
  expect(await said({ id: "one", question: "1", answer: "1" }, "gains")).not.toContain("reference answers")
  expect(await said({ id: "one", question: "1" }, "outcomes")).not.toContain("reference answers")
})

test("a wording that cannot be used, and examples that a benchmark does not have, are told with their fields", async () => {
  const experiment = defineExperiment({
    policy: "fake:x",
    judge: "form",
    prompt: "none.txt",
    cells: ["numbers/test"],
    trainings: [],
    references: [{ name: "taught", shots: 2 }],
  })
  const { message } = (await checkNames(contextOf({ id: "a", question: "?" }), experiment, "The experiment").catch(
    (error: Error) => error as Error,
  )) as Error
  expect(message).toMatch(/\n {2}prompt: The prompt template .*none\.txt cannot be read: /)
  expect(message).toContain("references.0.shots: Benchmark own/numbers has no worked examples to show.")
})
