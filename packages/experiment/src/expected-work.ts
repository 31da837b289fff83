/**
 * What an experiment will take, before it runs: roll-outs and what they may cost at most, by the limits of their benchmarks,
 * and about, by what was measured. Everything is counted from nothing, whatever is there already.
 */
import { join } from "node:path"
import type { Limits } from "@swirl-ts/core"
import { openJudge, readTrainResult, type StageContext, type TaskSelection } from "@swirl-ts/stages"
import { askedIds } from "./asked-ids.ts"
import { cellsOf, experimentCells, isSampled } from "./cells.ts"
import type { Experiment } from "./experiment.ts"
import type { MeasuredBase } from "./measure.ts"
import { questionsOf } from "./narrowed.ts"
import type { Job } from "./plan.ts"
import { plannedJobs } from "./planned-jobs.ts"

export interface Tokens {
  input: number
  output: number
}

/** Roll-outs of one policy for one purpose. */
interface ExpectedRollouts {
  /** `generate calc`, `evaluate base`. */
  what: string
  /** A model string; `trained` for checkpoints of this experiment. */
  policy: string
  trajectories: number
  /** No more than this, by the limits. */
  most: Tokens
  about?: Tokens
  /** In US dollars, where the experiment has the policy's price. */
  dollars?: { most: number; about?: number }
}

interface ExpectedJudging {
  judge: string
  /** Whether a model is asked: what that reads and writes is not counted here. */
  asksModel: boolean
  /** Steps, each judged once, at most. */
  steps: number
}

export interface ExpectedWork {
  cells: { name: string; questions: number }[]
  trainings: { name: string; train: string[]; filter: string; algorithm: string }[]
  seeds: number[]
  jobs: Record<Job["kind"], number>
  rollouts: ExpectedRollouts[]
  judging: ExpectedJudging[]
  measured: MeasuredBase
  /** Wall seconds at this many processes; of trainings only where one has ended here before. */
  seconds: { processes: number; rollouts?: number; trainings?: number }
}

/** `only`: of these rows, and of what they need. */
export async function expectedWork(
  context: StageContext,
  experiment: Experiment,
  measured: MeasuredBase,
  { processes, only }: { processes: number; only?: readonly string[] },
): Promise<ExpectedWork> {
  const { registry } = context
  const jobs = await plannedJobs(context.directory, experiment, only)
  const cells = experimentCells(registry, experiment)
  const sizes = new Map<string, number>()
  const sizeOf = async (benchmark: string, selection: TaskSelection): Promise<number> => {
    const key = JSON.stringify([benchmark, selection])
    const size = sizes.get(key) ?? (await askedIds(context, context.directory, benchmark, selection)).size
    sizes.set(key, size)
    return size
  }
  const rollouts = new Map<string, ExpectedRollouts>()
  const judging = new Map<string, ExpectedJudging>()
  const limitsOf = (benchmark: string, row?: string): Limits => ({
    ...registry.resolve("benchmarks", benchmark).value.limits,
    ...(experiment.references.find(({ name }) => name === row)?.limits ?? experiment.limits),
  })
  const add = (what: string, policy: string, trajectories: number, limits: Limits): void => {
    const { steps, stepTokens, trajectoryTokens } = limits
    const row = rollouts.get(what) ?? { what, policy, trajectories: 0, most: { input: 0, output: 0 } }
    row.trajectories += trajectories
    // Every step is shown what came before, a whole trajectory at most.
    row.most.input += trajectories * steps * trajectoryTokens
    row.most.output += trajectories * Math.min(steps * stepTokens, trajectoryTokens)
    rollouts.set(what, row)
  }
  const generated = async (benchmark: string): Promise<number> => {
    const { tasks, samples } = experiment.generation
    return samples * (await sizeOf(benchmark, { split: "train", limit: tasks }))
  }
  const addJudging = (judge: string, benchmark: string, trajectories: number): void => {
    const { asksModel } = openJudge(context, judge)
    const { steps } = limitsOf(benchmark)
    const row = judging.get(judge) ?? { judge, asksModel, steps: 0 }
    row.steps += steps * trajectories
    judging.set(judge, row)
  }
  for (const job of jobs) {
    if (job.kind === "generate")
      add(`generate ${job.benchmark}`, experiment.policy, await generated(job.benchmark), limitsOf(job.benchmark))
    if (job.kind === "evaluate")
      for (const cell of cellsOf(job, cells)) {
        const count = await sizeOf(cell.benchmark, questionsOf(experiment, cell))
        const asked = count * (isSampled(cell) ? experiment.evaluation.epochs : 1)
        add(`evaluate ${job.row}`, job.model ?? "trained", asked, limitsOf(cell.benchmark, job.row))
        const { judged = 0 } = experiment.evaluation
        if (judged > 0) addJudging(experiment.judge, cell.benchmark, Math.min(judged, count))
      }
    if (job.kind === "judge") {
      const generation = jobs.find(({ id }) => id === job.needs[0])
      if (generation?.kind !== "generate") continue
      addJudging(job.judge.judge, generation.benchmark, await generated(generation.benchmark))
    }
  }
  const about = [...rollouts.values()].map((row) => priced(experiment, row, measured))
  const { time } = measured
  const all = about.reduce((sum, { trajectories }) => sum + trajectories, 0)
  const count = (kind: Job["kind"]): number => jobs.filter((job) => job.kind === kind).length
  const training = await meanTrainingSeconds(context, jobs)
  return {
    cells: await Promise.all(
      cells.map(async (cell) => ({
        name: cell.name,
        questions: await sizeOf(cell.benchmark, questionsOf(experiment, cell)),
      })),
    ),
    trainings: experiment.trainings
      .filter(({ name }) => jobs.some((job) => job.kind === "train" && job.training.name === name))
      .map(({ name, train, filter, algorithm }) => ({ name, train, filter, algorithm })),
    seeds: experiment.seeds,
    jobs: { generate: count("generate"), judge: count("judge"), train: count("train"), evaluate: count("evaluate") },
    rollouts: about,
    judging: [...judging.values()],
    measured,
    seconds: {
      processes,
      rollouts: time && (all * time.seconds) / time.questions / processes,
      trainings: training === undefined ? undefined : (count("train") * training) / Math.min(processes, count("train")),
    },
  }
}

function priced({ prices }: Experiment, row: ExpectedRollouts, { tokens }: MeasuredBase): ExpectedRollouts {
  const price = prices[row.policy]
  const about = tokens && { input: row.trajectories * tokens.input, output: row.trajectories * tokens.output }
  const cost = ({ input, output }: Tokens): number => (input * price!.input + output * price!.output) / 1e6
  return { ...row, about, dollars: price && { most: cost(row.most), about: about && cost(about) } }
}

/** Of trainings of this experiment that have ended. */
async function meanTrainingSeconds({ directory }: StageContext, jobs: readonly Job[]): Promise<number | undefined> {
  const ended: number[] = []
  for (const job of jobs) {
    if (job.kind !== "train") continue
    const result = await readTrainResult(join(directory, job.folder), job.training.name)
    if (result) ended.push(result.seconds)
  }
  return ended.length === 0 ? undefined : ended.reduce((sum, seconds) => sum + seconds, 0) / ended.length
}
