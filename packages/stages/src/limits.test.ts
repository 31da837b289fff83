/** How many tasks a stage takes is said by its limit, whatever the benchmark's `load` makes of it. */
import { createRegistry, definePlugin, type Task, type Trajectory, userMessage } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { fakeModel, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { evaluateCell } from "./evaluate/evaluate.ts"
import { generateUntilKept } from "./generate/until-kept.ts"
import { selectTasks } from "./rollouts.ts"

let closed = 0
/** Never ends, and does not look at the limit. */
async function* endless(): AsyncGenerator<Task> {
  try {
    for (let i = 0; ; i++) yield { id: `${i}`, question: "which ?", answer: "Oslo" }
  } finally {
    closed++
  }
}
function* few(): Generator<Task> {
  for (const id of ["a", "b", "c"]) yield { id, question: "which ?", answer: "Oslo" }
}
const benchmark = (load: () => AsyncIterable<Task> | Iterable<Task>) => ({
  description: "",
  splits: ["train", "test"],
  tools: [],
  limits: { toolCalls: 0, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
  primaryMetric: "exact",
  load,
  prompt: () => [userMessage("which ?")],
  score: async (_task: unknown, answer: string | undefined) => ({ exact: answer === "Oslo" ? 1 : 0 }),
})
const plugin = definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    endless: benchmark(endless),
    few: benchmark(few),
    none: benchmark(() => []),
    twice: benchmark(() => [...few(), ...few()]),
  },
  models: {
    fake: {
      description: "",
      open: async () => ({ model: fakeModel(() => "<answer>Oslo</answer>"), identity: "fake" }),
    },
  },
  judges: {
    any: { description: "", create: () => ({ identity: "any", judge: () => ({ verdict: "good", reason: "" }) }) },
  },
  filters: {
    every: { description: "", needs: ["outcome"], keep: ({ outcome }: { outcome?: boolean }) => outcome === true },
    third: {
      description: "",
      needs: [],
      keep: ({ trajectory }: { trajectory: Trajectory }) => Number(trajectory.taskId) % 3 === 0,
    },
  },
})
const said: string[] = []
const context = () => {
  said.length = 0
  const host = { ...testHost(), log: (line: string) => void said.push(line) }
  const registry = createRegistry([plugin, formats()])
  return { registry, host, directory: temporaryFolder(), seed: 1, concurrency: 3 }
}
const select = async (selection: object, name = "endless") => {
  const here = context()
  return (await selectTasks(here, here.directory, name, { split: "train", ...selection })).map(({ id }) => id)
}

test("a limit, a shard of it and ids end the reading of what never ends, whose own end runs", async () => {
  closed = 0
  expect(await select({ limit: 3 })).toEqual(["0", "1", "2"])
  expect(await select({ limit: 4, shard: { index: 2, count: 2 } })).toEqual(["1", "3"])
  expect(await select({ ids: ["7", "2"] })).toEqual(["2", "7"])
  expect(closed).toBe(3)
})

test("an id that is given twice is found before anything is paid for", async () => {
  await expect(select({}, "twice")).rejects.toThrow('Benchmark mine/twice gave the task id "a" twice')
})

test("a split without tasks is said by the benchmark's full name, as what the user can change", async () => {
  const refusal = { kind: "usage", message: "Split train of mine/none has no tasks." }
  await expect(select({}, "none")).rejects.toMatchObject(refusal)
  await expect(select({ ids: ["a"] }, "none")).rejects.toMatchObject(refusal)
})

test("evaluation scores as many as the limit says, by a score that comes later", async () => {
  const request = {
    benchmark: "endless",
    split: "test",
    model: "fake",
    temperature: 0,
    actionFormat: "tags",
    epochs: 1,
  }
  expect(await evaluateCell(context(), { ...request, limit: 3 })).toMatchObject({ samples: 3, accuracy: 1 })
})

const until = (request: object) =>
  generateUntilKept(context(), {
    ...{ benchmarks: ["endless"], split: "train", model: "fake", temperature: 1, actionFormat: "tags", samples: 1 },
    ...{ kept: 3, strategy: "every", judge: "any" },
    ...request,
  })

test("generating until enough are kept goes on by rounds, and an outcome may come later", async () => {
  expect(await until({})).toMatchObject({ kept: 6, enough: true, trajectories: 6 })
  expect(await until({ kept: 4, strategy: "third" })).toMatchObject({ enough: true })
  expect(said).toEqual([expect.stringMatching(/^3 of 8 kept, 4 wanted: generating up to/)])
})

test.each<[object, object, string]>([
  [{ limit: 2 }, { kept: 2, trajectories: 2 }, "2 of 2 kept, 3 wanted: --limit 2 allows no more tasks."],
  [
    { limit: 7, kept: 5, strategy: "third" },
    { kept: 3, trajectories: 7 },
    "3 of 7 kept, 5 wanted: --limit 7 allows no more tasks.",
  ],
  [{ atMost: 2 }, { kept: 2, trajectories: 2 }, "2 of 2 kept, 3 wanted: --at-most 2 allows no more."],
  [{ benchmarks: ["few"], kept: 9 }, { kept: 3, trajectories: 3 }, "3 of 3 kept, 9 wanted: there are no more tasks."],
])("it stops where no more may be made, and says so: %j", async (request, result, sentence) => {
  expect(await until(request)).toMatchObject({ ...result, enough: false })
  expect(said.at(-1)).toBe(sentence)
})
