/** Imports in tests: the fixtures of real producers, a run folder, and what stands in it afterwards. */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  createRegistry,
  definePlugin,
  EvalSampleSchema,
  type ImportedRecord,
  ImportedSchema,
  type Task,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import type { StageContext } from "@swirl-ts/stages"
import { evaluatedPolicies, readRecords, runPaths, sampleFiles } from "@swirl-ts/store"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { type ImportRequest, type ImportResult, importFiles } from "../src/index.ts"

export const fixture = (path: string): string => fileURLToPath(new URL(`../fixtures/imports/${path}`, import.meta.url))

/** Two of the fixtures' questions are its tasks. */
const sums = definePlugin({
  meta: { name: "made-up", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    sums: {
      description: "",
      splits: ["train", "test"],
      tools: [],
      limits: { toolCalls: 2, steps: 3, stepTokens: 50, trajectoryTokens: 500 },
      *load(split: string): Generator<Task> {
        if (split === "test")
          yield { id: "coins", question: "Tom has 40 coins and gives  away 15. How many are left?", answer: "25" }
        else
          yield { id: "apples", question: "Mira has 12 apples and buys 5 more. How many apples has she?", answer: "17" }
      },
      prompt: ({ question }: Task) => [{ role: "user", content: [{ type: "text", text: question }] }],
      score: ({ answer }: Task, given: string | undefined) => ({ accuracy: given === answer ? 1 : 0 }),
      primaryMetric: "accuracy",
    },
  },
})

export function importContext(directory = join(temporaryFolder(), "run")): StageContext {
  return { registry: createRegistry([sums]), host: testHost(), directory, seed: 1, concurrency: 2 }
}

export const importInto = (context: StageContext, format: string, ...files: string[]): Promise<ImportResult> =>
  importFiles(context, { format, paths: files })

export const imported = (request: ImportRequest, context = importContext()): Promise<ImportResult> =>
  importFiles(context, request)

export async function recordsIn(directory: string) {
  const paths = runPaths(directory)
  const trajectories: Trajectory[] = []
  const known = new Map<string, ImportedRecord>()
  const samples = []
  for await (const trajectory of readRecords(paths.trajectories, TrajectorySchema)) trajectories.push(trajectory)
  for await (const record of readRecords(paths.imported, ImportedSchema)) known.set(record.id, record)
  for (const policy of await evaluatedPolicies(directory))
    for (const file of await sampleFiles(join(directory, "eval", policy)))
      for await (const sample of readRecords(file, EvalSampleSchema)) samples.push(sample)
  return { trajectories, known, samples, of: (taskId: string) => trajectories.filter((each) => each.taskId === taskId) }
}
