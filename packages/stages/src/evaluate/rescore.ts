/**
 * The evaluations of a run folder scored again, by the scorer of now: no model is asked and no tool called. The new scores are
 * a run folder of their own, beside the old ones, which nobody touches; so both can be read, compared and reported.
 */
import {
  type EvalSample,
  type Maker,
  makerHash,
  type NamedBenchmark,
  SwirlError,
  type Task,
  type Temperature,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { errorCode, temporaryBeside, writeFileAtomic } from "@swirl-ts/kit"
import { basename, copyFileSync, dirname, existsSync, join, mkdir, readFile, rename } from "@swirl-ts/platform"
import { evalSample } from "@swirl-ts/runner"
import {
  digestsOf,
  evaluatedPolicies,
  evaluationStage,
  openRun,
  type Run,
  type RunSpec,
  readRecords,
  readRun,
  readSamples,
  sampleFiles,
  type TemperedSample,
} from "@swirl-ts/store"
import { dataPathOf, type StageContext } from "../context.ts"
import { scoringMaker } from "../provenance/maker.ts"
import { loadTasks } from "../tasks.ts"
import { type RescoredCell, rescoredCells } from "./rescored-cell.ts"

export type { RescoredCell } from "./rescored-cell.ts"

export interface Rescoring {
  from: string
  /** The run folder of the new scores. */
  to: string
  cells: RescoredCell[]
}

/** `from`: a run folder; `to`: one that is not there yet, or holds the same scores. Nothing is written before every task was found. */
export async function rescore(context: StageContext, { from, to }: { from: string; to: string }): Promise<Rescoring> {
  const files: RescoredFile[] = []
  for (const policy of await evaluatedPolicies(from))
    for (const path of await sampleFiles(join(from, "eval", policy)))
      files.push(await rescoredFile(context, from, path))
  if (files.length === 0)
    throw new SwirlError(`${from} holds no evaluation to score again. Make one: swirl eval <benchmark> --run ${from}`, {
      kind: "usage",
    })
  for (const file of files) await checkTarget(join(to, file.place), file.text)
  const run = await openRun(to)
  try {
    for (const file of files) {
      await register(context, run, from, file)
      await copyWhole(trajectoriesOf(join(from, file.place)), trajectoriesOf(join(to, file.place)))
      await writeFileAtomic(join(to, file.place), file.text)
    }
  } finally {
    await run.close()
  }
  return { from, to, cells: files.flatMap((file) => rescoredCells(file.pairs, join(to, file.place))) }
}

interface RescoredFile {
  /** Within the run folder. */
  place: string
  pairs: { before: TemperedSample; after: EvalSample; maker: Maker }[]
  /** Of the new file. */
  text: string
}

const trajectoriesOf = (samples: string): string => samples.replace(/\.jsonl$/, ".trajectories.jsonl")

async function rescoredFile(context: StageContext, from: string, path: string): Promise<RescoredFile> {
  const samples: TemperedSample[] = []
  for await (const sample of readSamples([path])) samples.push(sample)
  const trajectories = new Map<string, Trajectory>()
  for await (const each of readRecords(trajectoriesOf(path), TrajectorySchema)) trajectories.set(each.id, each)
  const missing = samples.filter(({ trajectoryId }) => !trajectories.has(trajectoryId)).length
  if (missing > 0)
    throw new SwirlError(
      `Of ${samples.length} samples in ${path}, ${missing} have no trajectory in ${trajectoriesOf(path)}, so nobody knows what was answered. Evaluate them again, or give a whole folder.`,
      { kind: "usage" },
    )
  const pairs: RescoredFile["pairs"] = []
  for (const own of Map.groupBy(samples, ({ benchmark, split }) => `${benchmark} ${split}`).values()) {
    const benchmark = context.registry.resolve("benchmarks", own[0]!.benchmark)
    const maker = await scoringMaker(context, benchmark.fullName)
    const tasks = await tasksOf(context, from, own, trajectories)
    for (const before of own)
      pairs.push({
        before,
        maker,
        after: await scoredAgain(context, { before, benchmark, maker, tasks, trajectories }),
      })
  }
  const text = pairs.map(({ after }) => `${JSON.stringify(after)}\n`).join("")
  return { place: join("eval", basename(dirname(path)), basename(path)), pairs, text }
}

async function scoredAgain(
  { abortSignal }: StageContext,
  found: {
    before: TemperedSample
    benchmark: NamedBenchmark
    maker: Maker
    tasks: ReadonlyMap<string, Task>
    trajectories: ReadonlyMap<string, Trajectory>
  },
): Promise<EvalSample> {
  const { before, benchmark, maker, tasks, trajectories } = found
  const { temperature, leak, leakGuard } = before
  const after = await evalSample(trajectories.get(before.trajectoryId)!, tasks.get(before.taskId)!, {
    benchmark: { ...benchmark, split: before.split },
    sampling: { temperature },
    leakOf: () => leak,
    leakGuard,
    maker: makerHash(maker),
    abortSignal,
  })
  return { ...after, id: before.id }
}

/** By id, the tasks that were asked; a usage error where the data have them no more, or ask another question under their ids. */
async function tasksOf(
  context: StageContext,
  from: string,
  samples: readonly TemperedSample[],
  trajectories: ReadonlyMap<string, Trajectory>,
): Promise<Map<string, Task>> {
  const { benchmark, split, policy, temperature } = samples[0]!
  const questions = new Map(
    samples.map(({ taskId, trajectoryId }) => [taskId, trajectories.get(trajectoryId)!.question]),
  )
  const dataPath =
    dataPathOf(context, benchmark) ?? (await evaluatedDataPath(from, policy, { benchmark, split, temperature }))
  const at =
    dataPath === undefined ? context : { ...context, dataPaths: { ...context.dataPaths, [benchmark]: dataPath } }
  const tasks = new Map<string, Task>()
  for await (const task of loadTasks(at, from, benchmark, split)) {
    if (!questions.has(task.id)) continue
    tasks.set(task.id, task)
    if (tasks.size === questions.size) break
  }
  const others = [...questions].filter(([id, question]) => tasks.get(id)?.question !== question)
  if (others.length > 0)
    throw new SwirlError(
      `Of ${questions.size} questions of ${benchmark}/${split} that were asked in ${from}, ${others.length} are others in ${dataPath ?? "the data"} now, or are gone (the first: ${others[0]![0]}). Nothing was scored. Give the data that they were asked from (--data).`,
      { kind: "usage" },
    )
  return tasks
}

async function evaluatedDataPath(
  from: string,
  policy: string,
  cell: { benchmark: string; split: string; temperature: Temperature },
): Promise<string | undefined> {
  const spec = ((await readRun(from))?.spec ?? {}) as RunSpec
  const path = spec[evaluationStage(policy, cell)]?.dataPath
  return typeof path === "string" ? path : undefined
}

async function checkTarget(path: string, text: string): Promise<void> {
  const there = await readFile(path, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined
    throw error
  })
  if (there !== undefined && there !== text)
    throw new SwirlError(
      `${path} holds other scores already, and they are not written over. Give another folder: --out <folder>`,
      { kind: "usage" },
    )
}

/** The settings and digests of before, from which the answers are, and who scores now. */
async function register(context: StageContext, run: Run, from: string, { pairs }: RescoredFile): Promise<void> {
  const record = await readRun(from)
  for (const { before, maker } of new Map(pairs.map((pair) => [stageOf(pair.before), pair])).values()) {
    const stage = stageOf(before)
    const settings = (record?.spec as RunSpec | undefined)?.[stage] ?? { seed: context.seed }
    const compared = { digests: record ? digestsOf(record, stage) : {}, differences: [] }
    await run.register({ [stage]: { ...settings, scoredAgain: record?.id ?? from } }, { compared, maker })
  }
}

const stageOf = ({ policy, benchmark, split, temperature }: TemperedSample): string =>
  evaluationStage(policy, { benchmark, split, temperature })

/** A compressed one stays compressed. */
async function copyWhole(given: string, target: string): Promise<void> {
  const packed = existsSync(given) ? "" : ".gz"
  const [from, to] = [given + packed, target + packed]
  const temporary = temporaryBeside(to)
  await mkdir(dirname(to), { recursive: true })
  copyFileSync(from, temporary)
  await rename(temporary, to)
}
