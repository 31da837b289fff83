import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createRegistry, definePlugin, type MetricRecord, TrajectorySchema } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { openRecordFile, runPaths, writeDocument } from "@swirl-ts/store"
import {
  digitsBenchmark,
  digitTasks,
  digitTrajectory,
  folderDigests,
  idleEngine,
  temporaryFolder,
  testHost,
} from "@swirl-ts/test-support"
import { trainer } from "@swirl-ts/trainer"
import { expect, test } from "vitest"
import { filter } from "../filter/filter.ts"
import { dryRun, train } from "./train.ts"
import type { TrainRequest } from "./training-stage.ts"

const trained: string[][] = []
/** Of the answers 1 to 9 officially right are those below 5, and the outcome judge likes the even ones. */
const plugin = definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    digits: digitsBenchmark(() => digitTasks(1, 2, 3, 4, 5, 6, 7, 8, 9), {
      score: (_task, answer) => ({ accuracy: Number(answer) < 5 ? 1 : 0 }),
    }),
  },
  judges: {
    any: { description: "", create: () => ({ identity: "any", judge: () => ({ verdict: "good", reason: "" }) }) },
  },
  outcomeJudges: {
    even: {
      description: "",
      create: () => ({
        identity: "even",
        judge: ({ answer }) => ({ verdict: Number(answer) % 2 ? "bad" : "good", reason: "" }),
      }),
    },
  },
  engines: { none: { description: "", create: async () => idleEngine() } },
  algorithms: {
    probe: {
      description: "remembers what it is trained on",
      async train({ trajectories, directory, options }) {
        trained.push(trajectories.map(({ id }) => id))
        const metric: MetricRecord = { schema: "swirl.metric/1", step: 0, values: {}, alarms: [] }
        appendFileSync(join(directory, "metrics.jsonl"), `${JSON.stringify(metric)}\n`)
        if (options.wait) await (options.wait as () => Promise<void>)()
        return { checkpoint: "", steps: 1, alarms: [] }
      },
      async dryRun({ trajectories }) {
        return { text: "", data: trajectories.map(({ id }) => id) }
      },
    },
  },
})

const said: string[] = []
const contextOf = (directory: string) => ({
  registry: createRegistry([plugin, trainer(), formats()]),
  host: testHost({ log: (line: string) => said.push(line) }),
  directory,
  seed: 1,
  concurrency: 2,
})

async function folderWith(...answers: number[]): Promise<string> {
  const directory = temporaryFolder()
  await add(directory, ...answers)
  return directory
}

async function add(directory: string, ...answers: number[]): Promise<void> {
  const file = await openRecordFile(runPaths(directory).trajectories, TrajectorySchema)
  for (const answer of answers) await file.append(digitTrajectory(answer))
  await file.close()
}

const request: TrainRequest = {
  name: "first",
  policy: "p",
  algorithm: "probe",
  engine: "none",
  strategy: "outcome",
  judge: "any",
  options: {},
  rolloutTasks: 0,
}
const byEven = { strategy: "outcome", judge: "any", outcomeJudge: "even" }
const files = (directory: string): string[] => readdirSync(directory, { recursive: true }).map(String).sort()

test("a training on other folders writes nothing into them, also where two train on one at the same time", async () => {
  const source = await folderWith(1, 2, 7, 8)
  const before = files(source)
  let open = 0
  let both: () => void = () => {}
  const together = new Promise<void>((resolve) => {
    both = resolve
  })
  const wait = (): Promise<void> => {
    if (++open === 2) both()
    return together
  }
  const [one, two] = [temporaryFolder(), temporaryFolder()]
  const results = await Promise.all(
    [one, two].map((directory) => train(contextOf(directory), { ...request, sources: [source], options: { wait } })),
  )
  expect(results.map(({ considered, kept, keptRight }) => [considered, kept, keptRight])).toEqual([
    [4, 2, 2],
    [4, 2, 2],
  ])
  expect(trained.slice(-2)).toEqual([
    ["t1", "t2"],
    ["t1", "t2"],
  ])
  expect(files(source)).toEqual(before)
  const own = JSON.parse(readFileSync(runPaths(one).training("first").selection, "utf8"))
  expect(own.folders).toMatchObject([{ directory: expect.stringMatching(/^\.\./), selection: { ids: ["t1", "t2"] } }])
})

test("a selection that stands in another folder is followed, and where it is out of date the folder is to be filtered again", async () => {
  const source = await folderWith(1, 2, 7, 8)
  await filter(contextOf(source), byEven)
  const directory = temporaryFolder()
  await train(contextOf(directory), { ...request, sources: [source] })
  expect(trained.at(-1)).toEqual(["t2", "t8"])
  await add(source, 4)
  const before = files(source)
  await expect(train(contextOf(temporaryFolder()), { ...request, sources: [source] })).rejects.toThrow(
    /by the outcome judge even can be followed .*swirl filter --strategy outcome --outcome-judge even --run/,
  )
  expect(files(source)).toEqual(before)
})

test("a training goes on with what it began with, whatever was filtered since, and with no other folders", async () => {
  const directory = await folderWith(1, 2, 7, 8)
  await filter(contextOf(directory), byEven)
  await train(contextOf(directory), request)
  await add(directory, 4)
  await filter(contextOf(directory), byEven)
  await filter(contextOf(directory), { strategy: "outcome", judge: "any" })
  await train(contextOf(directory), request)
  expect(trained.slice(-2)).toEqual([
    ["t2", "t8"],
    ["t2", "t8"],
  ])
  const other = await folderWith(3)
  await expect(train(contextOf(directory), { ...request, sources: [other] })).rejects.toThrow(
    /began with trajectories of/,
  )
})

test("a training of before selections were kept goes on with the official one", async () => {
  const metric = JSON.stringify({ schema: "swirl.metric/1", step: 0, values: {} })
  const older = temporaryFolder({ "train/first/metrics.jsonl": `${metric}\n` })
  await add(older, 1, 2, 7, 8)
  await filter(contextOf(older), byEven)
  await train(contextOf(older), request)
  expect(trained.at(-1)).toEqual(["t1", "t2"])
  // Which ids it began with is known to nobody: trajectories may have come since.
  expect(existsSync(runPaths(older).training("first").selection)).toBe(false)
})

test("a dry run follows or computes the selection and writes nothing", async () => {
  const directory = await folderWith(1, 2, 7, 8)
  const before = files(directory)
  expect((await dryRun(contextOf(directory), request)).data).toEqual(["t1", "t2"])
  expect(files(directory)).toEqual(before)
  await filter(contextOf(directory), byEven)
  expect((await dryRun(contextOf(directory), request)).data).toEqual(["t2", "t8"])
  expect(existsSync(join(directory, "train"))).toBe(false)
})

test("a dry run with other settings than a training that is there shows them, and the training stays", async () => {
  const directory = await folderWith(1, 2, 7, 8)
  await train(contextOf(directory), request)
  const before = folderDigests(directory)
  const other = { ...request, options: { weight: 2 } }
  await expect(train(contextOf(directory), other)).rejects.toThrow('already holds "train/first" with other settings')
  expect((await dryRun(contextOf(directory), other)).data).toEqual(["t1", "t2"])
  expect(folderDigests(directory)).toEqual(before)
})

test("a selection of before its digest was written is none", async () => {
  const directory = await folderWith(1, 2)
  const counts = { total: 2, dropped: 1, unscored: 0, keptRight: 1, kept: 1 }
  const old = {
    schema: "swirl.filter/1",
    strategy: "outcome",
    judge: "any",
    outcomeJudge: "llm",
    ...counts,
    ids: ["t1"],
  }
  await writeDocument(join(directory, "filters", "outcome.json"), old)
  await train(contextOf(directory), request)
  expect(trained.at(-1)).toEqual(["t1", "t2"])
  expect(said.at(-2)).toMatch(/^Filters by outcome: no selection stands in/)
})

test("a budget takes some of what was kept, says how much, stays when the training goes on, and another one is refused", async () => {
  const directory = await folderWith(1, 2, 3, 4, 7)
  const within = { ...request, budget: { trajectories: 2 } }
  const result = await train(contextOf(directory), within)
  const taken = trained.at(-1)!
  expect(taken).toHaveLength(2)
  expect(result).toMatchObject({ kept: 4, budget: { trajectories: 2 }, used: { trajectories: 2, states: 2 } })
  expect(said).toContain(
    "first: takes 2 of the 4 trajectories that outcome kept, 2 of 4 states (budget: 2 trajectories)",
  )
  const own = JSON.parse(readFileSync(runPaths(directory).training("first").selection, "utf8"))
  expect(own).toMatchObject({ budget: { trajectories: 2 }, used: { trajectories: 2, states: 2 }, taken })
  const seen = readFileSync(runPaths(directory).training("first").seen, "utf8").trim().split("\n")
  const uses = seen.map((line) => JSON.parse(line)).map(({ taskId, use }) => [`t${taskId}`, use])
  expect(uses).toEqual(["t1", "t2", "t3", "t4", "t7"].map((id) => [id, taken.includes(id) ? "training" : "selection"]))
  await train(contextOf(directory), within)
  expect(trained.at(-1)).toEqual(taken)
  await expect(train(contextOf(directory), { ...request, budget: { states: 3 } })).rejects.toThrow(/budget was .* now/)
  await expect(train(contextOf(directory), request)).rejects.toThrow(/budget was .* now/)
})

test("where the filter kept less than the budget, that is said, and all of it is taken", async () => {
  const directory = await folderWith(1, 2, 7)
  const { used } = await train(contextOf(directory), { ...request, budget: { states: 9 } })
  expect([trained.at(-1), used]).toEqual([["t1", "t2"], { trajectories: 2, states: 2 }])
  expect(said).toContain(
    "first: outcome kept less than the budget of 9 states; all of it is taken: 2 trajectories with 2 states",
  )
})

test("without a budget the records say nothing of one", async () => {
  const directory = await folderWith(1, 2, 7)
  const result = await train(contextOf(directory), request)
  const own = JSON.parse(readFileSync(runPaths(directory).training("first").selection, "utf8"))
  expect(Object.keys(own)).toEqual(["schema", "folders", "tasks"])
  expect(JSON.parse(JSON.stringify(result))).not.toHaveProperty("budget")
  expect(readFileSync(runPaths(directory).run, "utf8")).not.toContain("budget")
})

test("where fewer tasks are asked for than it began with, a training keeps what it began with and says so", async () => {
  const source = await folderWith(1, 2, 3, 7)
  const directory = temporaryFolder()
  const asking = (...ids: string[]) => ({ ...request, sources: [source], tasks: new Map([[source, new Set(ids)]]) })
  await train(contextOf(directory), asking("1", "2", "3"))
  await train(contextOf(directory), asking("1"))
  expect(trained.slice(-2)).toEqual([
    ["t1", "t2", "t3"],
    ["t1", "t2", "t3"],
  ])
  expect(said.at(-1)).toBe(
    "first: 2 of 3 trajectories that it began with are of tasks that are no longer asked for; they stay",
  )
})
