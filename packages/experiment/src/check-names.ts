/** Every name of an experiment is looked up before anything runs: what does not exist is told with its field, all of it at once. */
import { join } from "node:path"
import { cellName, checkShots, checkSplit, isSwirlError, parseCell, SwirlError } from "@swirl-ts/core"
import {
  checkEngine,
  checkGold,
  checkPolicy,
  endedAsAsked,
  openJudge,
  readPrompting,
  type StageContext,
} from "@swirl-ts/stages"
import { type Experiment, judgeOf } from "./experiment.ts"
import { planJobs } from "./plan.ts"
import { engineOf, trainingOf } from "./run-job.ts"

/** Throws one usage error, a line a problem; nothing has been opened or written. `whose`: of the experiment, e.g. `The experiment mine.ts`. */
export async function checkNames(context: StageContext, experiment: Experiment, whose: string): Promise<void> {
  const { registry } = context
  /** By sentence, the fields that it is about. */
  const problems = new Map<string, string[]>()
  const look = async (field: string, find: () => unknown): Promise<void> => {
    try {
      await find()
    } catch (error) {
      if (!isSwirlError(error)) throw error
      problems.set(error.message, [...(problems.get(error.message) ?? []), field])
    }
  }
  const split = (benchmark: string, name: string): void => checkSplit(registry.resolve("benchmarks", benchmark), name)

  await look("policy", () => checkPolicy(context, experiment.policy))
  await look("actionFormat", () => registry.resolve("actionFormats", experiment.actionFormat))
  const asks = async (at: string, prompting: { prompt?: string; shots?: number }): Promise<void> => {
    await look(`${at}prompt`, () => readPrompting({ prompt: prompting.prompt }, context.host))
    for (const name of benchmarks)
      if (registry.has("benchmarks", name))
        await look(`${at}shots`, () => checkShots(registry.resolve("benchmarks", name), prompting.shots))
  }
  const benchmarks = new Set([
    ...experiment.cells.map((name) => parseCell(name)!.benchmark),
    ...experiment.trainings.flatMap(({ train }) => train),
  ])
  await asks("", experiment)
  const tellCell = onceEach("measure each cell once")
  for (const [index, name] of experiment.cells.entries()) {
    const cell = parseCell(name)!
    await look(`cells.${index}`, () => {
      split(cell.benchmark, cell.split)
      tellCell(name, cellName({ ...cell, benchmark: registry.resolve("benchmarks", cell.benchmark).fullName }))
    })
  }
  for (const [index, { policy, actionFormat, prompt, shots }] of experiment.references.entries()) {
    await asks(`references.${index}.`, { prompt, shots })
    if (policy !== undefined) await look(`references.${index}.policy`, () => checkPolicy(context, policy))
    if (actionFormat !== undefined)
      await look(`references.${index}.actionFormat`, () => registry.resolve("actionFormats", actionFormat))
  }
  const judgedCell = experiment.evaluation.judged === undefined ? undefined : parseCell(experiment.cells[0]!)!.benchmark
  const judged = experiment.trainings.find((training) => training.judge === undefined)?.train[0] ?? judgedCell
  const hasOptions = Object.keys(experiment.judgeOptions).length > 0
  await look(hasOptions ? "judge, judgeOptions" : "judge", () => checkJudge(context, judgeOf(experiment), judged))
  const engine = registry.has("engines", experiment.engine)
    ? registry.resolve("engines", experiment.engine).value
    : undefined
  if (await isToTrain(context, experiment)) await look("engine", () => checkEngine(context, engineOf(experiment)))
  for (const [index, training] of experiment.trainings.entries()) {
    const at = `trainings.${index}`
    const tellSource = onceEach("its trajectories would count twice")
    for (const [place, benchmark] of training.train.entries())
      await look(`${at}.train.${place}`, () => {
        split(benchmark, "train")
        tellSource(benchmark, registry.resolve("benchmarks", benchmark).fullName)
      })
    await look(`${at}.filter`, () => registry.resolve("filters", training.filter))
    if (training.judge !== undefined)
      await look(`${at}.judge`, () => checkJudge(context, judgeOf(experiment, training), training.train[0]))
    await look(`${at}.algorithm`, () => registry.resolve("algorithms", training.algorithm))
    if (!registry.has("algorithms", training.algorithm)) continue
    const { value } = registry.resolve("algorithms", training.algorithm)
    const field = Object.keys(training.options).length > 0 ? `${at}.options` : "training"
    await look(field, () => value.checkOptions?.({ ...experiment.training, ...training.options }, engine))
    if (!value.needs?.includes("gold")) continue
    for (const benchmark of training.train)
      if (
        registry.has("benchmarks", benchmark) &&
        registry.resolve("benchmarks", benchmark).value.splits.includes("train")
      )
        await look(`${at}.algorithm`, () => checkGold(context, training.algorithm, benchmark))
  }
  if (problems.size === 0) return
  const lines = [...problems].map(([sentence, [first, ...more]]) => {
    const others = more.length > 0 ? ` (and ${more.length} more)` : ""
    return `  ${first}${others}: ${sentence}`
  })
  throw new SwirlError(`${whose} names what cannot be used:\n${lines.join("\n")}`, { kind: "usage" })
}

/** Whether a training is left that needs the engine: one that has ended as it is asked for does not, nor the server of its engine. */
async function isToTrain(context: StageContext, experiment: Experiment): Promise<boolean> {
  for (const job of planJobs(experiment)) {
    if (job.kind !== "train") continue
    const { algorithm } = job.training
    if (!context.registry.has("algorithms", algorithm)) return true
    const here = { ...context, directory: join(context.directory, job.folder), seed: job.seed }
    if (!(await endedAsAsked(here, trainingOf(context, experiment, job)))) return true
  }
  return false
}

/** Throws for what was met before under another name. */
function onceEach(why: string): (name: string, fullName: string) => void {
  const met = new Map<string, string>()
  return (name, fullName) => {
    const before = met.get(fullName)
    if (before !== undefined) throw new SwirlError(`it is ${before} once more; ${why}.`, { kind: "usage" })
    met.set(fullName, name)
  }
}

/** Made for one benchmark: its options are read, and a model that it asks is opened, as these are known by doing it alone. */
async function checkJudge(
  context: StageContext,
  { judge, options }: ReturnType<typeof judgeOf>,
  benchmark: string | undefined,
): Promise<void> {
  const opened = openJudge(context, judge, options)
  try {
    if (benchmark !== undefined && context.registry.has("benchmarks", benchmark))
      await opened.identity(context.registry.resolve("benchmarks", benchmark).fullName)
  } finally {
    await opened.close()
  }
}
