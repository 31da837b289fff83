import { join } from "node:path"
import { createRegistry, definePlugin, EvalSampleSchema, type VerdictRecord, VerdictSchema } from "@swirl-ts/core"
import { openRecordFile, runPaths } from "@swirl-ts/store"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { expectedWork } from "./expected-work.ts"
import { defineExperiment } from "./experiment.ts"
import { collectMatrix } from "./matrix.ts"

const plugin = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    numbers: {
      description: "",
      splits: ["test"],
      tools: [],
      limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
      load: () => [0, 1, 2, 3].map((row) => ({ id: `test/${row}`, question: `question ${row}` })),
      prompt: () => [],
      score: () => ({ exact: 1 }),
      primaryMetric: "exact",
    },
  },
  judges: {
    mine: {
      description: "",
      create: () => ({ identity: "mine", judge: () => ({ verdict: "good", reason: "" }) }),
    },
    broken: {
      description: "",
      create: () => {
        throw new Error("no key")
      },
    },
    seeded: {
      description: "",
      create: ({ seed }) => ({ identity: `seeded-${seed}`, judge: () => ({ verdict: "good", reason: "" }) }),
    },
  },
})

/** Metrics of four questions, the last of which failed; and verdicts as `<trajectory> <judge> <verdict>`. */
async function writeCell(folder: string, temperature: number, verdicts: readonly string[]): Promise<void> {
  const paths = runPaths(folder).evaluation("policy", "own/numbers", temperature)
  const samples = await openRecordFile(paths.samples, EvalSampleSchema)
  const metrics = [{ exact: 1, gold_step_recall: 0.5 }, { exact: 1 }, { exact: 0, gold_step_recall: 1 }, {}]
  for (const [row, each] of metrics.entries())
    await samples.append({
      schema: "swirl.eval-sample/1",
      id: `sample ${row}`,
      taskId: `test/${row}`,
      trajectoryId: `t${row}`,
      benchmark: "own/numbers",
      split: "test",
      epoch: 0,
      policy: "policy",
      temperature,
      primaryMetric: "exact",
      status: row === 3 ? "error" : "scored",
      metrics: each as Record<string, number>,
    })
  await samples.close()
  const file = await openRecordFile(paths.verdicts, VerdictSchema)
  for (const [step, each] of verdicts.entries()) {
    const [trajectoryId, judge, verdict] = each.split(" ") as [string, string, VerdictRecord["verdict"]]
    await file.append({ schema: "swirl.verdict/1", id: each + step, trajectoryId, step, judge, verdict, reason: "" })
  }
  await file.close()
}

async function cellOf(evaluation: { questions: number; judged?: number }, verdicts: readonly string[]) {
  const directory = temporaryFolder()
  await writeCell(join(directory, "base"), 0, verdicts)
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const plan = { policy: "nano", judge: "mine", cells: ["numbers/test"], trainings: [], evaluation }
  return (await collectMatrix(context, defineExperiment(plan))).base["numbers/test"]!
}

const verdicts = [
  "t0 mine good",
  "t0 mine bad",
  "t1 mine good",
  "t1 mine unscored",
  "t1 another bad",
  "t2 mine bad",
  "t2 mine bad",
]

test("good steps are a share of what the experiment's judge has said of the questions judged; unscored ones have no part in it", async () => {
  expect((await cellOf({ questions: 4, judged: 2 }, verdicts)).goodSteps).toEqual({ share: 2 / 3, n: 3 })
  expect((await cellOf({ questions: 4, judged: 9 }, verdicts)).goodSteps).toEqual({ share: 2 / 5, n: 5 })
  expect((await cellOf({ questions: 4, judged: 2 }, ["t1 mine unscored"])).goodSteps).toBeUndefined()
  expect((await cellOf({ questions: 4 }, verdicts)).goodSteps).toBeUndefined()
})

test("a judge that draws by the seed is known by the one that it judged an evaluation with", async () => {
  const directory = temporaryFolder()
  for (const [folder, seed] of [
    ["base", 1],
    ["seed-2/base", 2],
  ] as const)
    await writeCell(join(directory, folder), 1, [`t0 seeded-${seed} good`])
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const evaluation = { questions: 4, judged: 2 }
  const plan = { policy: "nano", judge: "seeded", seeds: [1, 2], cells: ["numbers/test@1"], trainings: [], evaluation }
  const { baseBySeed } = await collectMatrix(context, defineExperiment(plan))
  const goodSteps = { share: 1, n: 1 }
  expect(baseBySeed).toMatchObject([1, 2].map((seed) => ({ seed, cells: { "numbers/test@1": { goodSteps } } })))
})

test("where the judge cannot be made any more, its steps are left out, which is said, and scores stay", async () => {
  const directory = temporaryFolder()
  await writeCell(join(directory, "base"), 0, ["t0 mine good"])
  const lines: string[] = []
  const host = { ...testHost(), log: (line: string) => void lines.push(line) }
  const context = { registry: createRegistry([plugin]), host, directory, seed: 1, concurrency: 1 }
  const plan = { policy: "nano", judge: "broken", cells: ["numbers/test"], trainings: [] }
  const { base } = await collectMatrix(context, defineExperiment({ ...plan, evaluation: { questions: 4, judged: 2 } }))
  expect(base["numbers/test"]).toMatchObject({ n: 3, goodSteps: undefined })
  expect(lines).toEqual([expect.stringMatching(/^The judged steps of .*policy are left out: .*no key/)])
})

test("gold-step recall is over the scored questions that have gold steps", async () => {
  expect((await cellOf({ questions: 4 }, [])).goldStepRecall).toEqual({ share: 0.75, n: 2 })
  expect((await cellOf({ questions: 1 }, [])).goldStepRecall).toEqual({ share: 0.5, n: 1 })
})

test("what is to be judged is in the plan, with every policy and seed, before a judge is paid for", async () => {
  const context = { registry: createRegistry([plugin]), host: testHost(), directory: "", seed: 1, concurrency: 1 }
  const judging = async (judged?: number) => {
    const plan = {
      policy: "nano",
      judge: "mine",
      seeds: [1, 2],
      cells: ["numbers/test", "numbers/test@1"],
      trainings: [],
      references: [{ name: "clean", policy: "nano" }],
      evaluation: { questions: 3, judged },
    }
    return (await expectedWork(context, defineExperiment(plan), { cell: "numbers/test" }, { processes: 1 })).judging
  }
  // Base and reference in two cells each, and the base with the second seed where it is sampled; a step a question.
  expect(await judging(2)).toEqual([{ judge: "mine", asksModel: false, steps: 2 * 5 }])
  expect(await judging(9)).toMatchObject([{ steps: 3 * 5 }])
  expect(await judging()).toEqual([])
})
