/**
 * The loop that the page runs, as a function of its settings: the same calls as in examples/swirl.ts, told step by step. It knows
 * neither page nor worker, so a test runs it in Node and compares the records.
 */
import { sandbox } from "@swirl-ts/bench-sandbox"
import {
  createRegistry,
  type EvalSample,
  EvalSampleSchema,
  type Host,
  type MetricRecord,
  MetricSchema,
  type RaisedAlarm,
  type Registry,
  scoreOf,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { local } from "@swirl-ts/local"
import { dirname } from "@swirl-ts/platform"
import { formats } from "@swirl-ts/runner"
import {
  type CellEvaluation,
  type ComparedCell,
  compareEvaluations,
  evaluateCell,
  filter,
  generate,
  judge,
  loadTasks,
  type Progress,
  type StageContext,
  train,
} from "@swirl-ts/stages"
import { readRecords, runPaths } from "@swirl-ts/store"
import { calculator } from "@swirl-ts/tools-calculator"
import { trainer } from "@swirl-ts/trainer"

/** What can be chosen on the page, and how much is done. */
export interface LoopSettings {
  task: "calc" | "lookup" | "mixed"
  /** `grounded` looks whether a step is supported by what was there before; `form` is pleased with any that can be read. */
  judge: "grounded" | "form"
  seed: number
  /** Trajectories that are generated. */
  tasks: number
  iterations: number
  /** Tasks of the fresh roll-outs, every `rolloutEvery` steps. */
  rolloutTasks: number
  rolloutEvery: number
  /** Of the evaluations before and after. */
  questions: number
}

export const defaultSettings: LoopSettings = {
  task: "calc",
  judge: "grounded",
  seed: 7,
  tasks: 600,
  iterations: 40,
  rolloutTasks: 50,
  rolloutEvery: 10,
  questions: 200,
}

/** What one question looked like to the policy before and after. */
export interface Pair {
  question: string
  expected?: string
  before: Asked
  after: Asked
}

export interface Asked {
  right: boolean
  trajectory: Trajectory
}

export type LoopEvent =
  | ({ kind: "progress" } & Progress)
  | { kind: "metric"; metric: MetricRecord }
  | { kind: "said"; line: string }

export interface LoopResult {
  kept: { considered: number; kept: number; right: number }
  verdicts: { good: number; bad: number }
  cell: ComparedCell
  alarms: readonly RaisedAlarm[]
  pairs: readonly Pair[]
}

export interface LoopPlace {
  host: Omit<Host, "log">
  /** The run folder. What is there already is not done again. */
  directory: string
  tell(event: LoopEvent): void
  abortSignal?: AbortSignal
}

async function registryFor({ task }: LoopSettings): Promise<Registry> {
  const plugins = [sandbox(), calculator(), judges(), formats(), local(), trainer()]
  if (task === "calc") return createRegistry(plugins)
  // It brings a language model of its own along, which calculating needs not wait for.
  const { search } = await import("@swirl-ts/tools-search")
  return createRegistry([...plugins, search()])
}

export async function runLoop(settings: LoopSettings, place: LoopPlace): Promise<LoopResult> {
  const { directory, tell, abortSignal } = place
  const { seed, task, iterations, rolloutTasks, rolloutEvery, questions } = settings
  const registry = await registryFor(settings)
  const say = (line: string): void => tell({ kind: "said", line })
  const told = watchMetrics(directory, tell)
  const run = {
    registry,
    host: { ...place.host, log: say },
    directory,
    seed,
    concurrency: 64,
    abortSignal,
    onProgress: (progress: Progress) => {
      tell({ kind: "progress", ...progress })
      if (progress.stage.startsWith("train")) void told()
    },
  }
  const unseen = {
    benchmark: task,
    split: "test-new",
    actionFormat: "tags",
    temperature: 0,
    epochs: 1,
    limit: questions,
  }
  const before = await evaluateCell(run, { ...unseen, model: "nano" })
  abortSignal?.throwIfAborted()

  const own = { model: "nano", actionFormat: "tags", benchmarks: [task], split: "train" }
  await generate(run, { ...own, limit: settings.tasks, samples: 1, temperature: 1 })
  abortSignal?.throwIfAborted()
  const judged = await judge(run, { judge: settings.judge })
  abortSignal?.throwIfAborted()
  // The control takes what there is, as it has no judge that could tell good from bad.
  const strategy = { strategy: settings.judge === "form" ? "none" : "process", judge: settings.judge }
  const kept = await filter(run, strategy)
  const how = { name: trainingName, policy: "nano", algorithm: "swirl", engine: "local", rolloutTasks }
  const options = { iterations, rolloutEvery }
  const trained = await train(run, { ...how, ...strategy, options })
  await told()
  abortSignal?.throwIfAborted()
  const after = await evaluateCell(run, { ...unseen, model: `local:${trained.checkpoint}` })
  abortSignal?.throwIfAborted()
  const [cell] = await compareEvaluations(registry, dirname(before.file), dirname(after.file), seed)
  return {
    kept: { considered: trained.considered, kept: trained.kept, right: kept.keptRight },
    verdicts: { good: judged.good, bad: judged.bad },
    cell: cell!,
    alarms: trained.alarms,
    pairs: await pairsOf(run, settings, before, after),
  }
}

const trainingName = "tab"

/** Tells each metric record once, as it is in the file. */
function watchMetrics(directory: string, tell: LoopPlace["tell"]): () => Promise<void> {
  const { metrics } = runPaths(directory).training(trainingName)
  let told = -1
  let reading = Promise.resolve()
  const read = async (): Promise<void> => {
    for await (const metric of readRecords(metrics, MetricSchema, { idOf: ({ step }) => String(step) })) {
      if (metric.step <= told) continue
      told = metric.step
      tell({ kind: "metric", metric })
    }
  }
  return () => {
    reading = reading.then(read)
    return reading
  }
}

/** Those that changed first, then others; all of them are in the run folder. */
const mostPairs = 24

async function pairsOf(
  run: StageContext,
  { task, questions }: LoopSettings,
  before: CellEvaluation,
  after: CellEvaluation,
): Promise<Pair[]> {
  const [first, second] = [await askedIn(before), await askedIn(after)]
  const pairs: Pair[] = []
  for await (const { id, question, answer } of loadTasks(run, run.directory, task, before.split, {
    limit: questions,
  })) {
    const [a, b] = [first.get(id), second.get(id)]
    if (a && b) pairs.push({ question, expected: answer, before: a, after: b })
  }
  const order = ({ before: { right: a }, after: { right: b } }: Pair): number => (a === b ? 2 : a ? 1 : 0)
  return pairs.sort((a, b) => order(a) - order(b)).slice(0, mostPairs)
}

/** By task: what an evaluation has on record. */
async function askedIn({ file, metric }: CellEvaluation): Promise<Map<string, Asked>> {
  const samples = new Map<string, EvalSample>()
  for await (const sample of readRecords(file, EvalSampleSchema)) samples.set(sample.taskId, sample)
  const asked = new Map<string, Asked>()
  for await (const trajectory of readRecords(file.replace(/\.jsonl$/, ".trajectories.jsonl"), TrajectorySchema)) {
    const sample = samples.get(trajectory.taskId)
    if (sample) asked.set(trajectory.taskId, { right: (scoreOf(sample, metric) ?? 0) >= 1, trajectory })
  }
  return asked
}
