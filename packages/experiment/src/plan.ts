/**
 * The jobs of an experiment and what each waits for. Jobs are plain data, so they can run in other processes;
 * two jobs that may run at the same time never write to the same folder.
 */
import { contentHash, parseCell } from "@swirl-ts/core"
import { isSampled } from "./cells.ts"
import {
  baseRow,
  type Experiment,
  type ExperimentJudge,
  judgeLabel,
  judgeOf,
  type PlannedTraining,
} from "./experiment.ts"

export type Job = {
  id: string
  /** Ids of jobs that have to be done before. */
  needs: string[]
  /** Ids of jobs that have to have ended, done or failed: they write to the same folder. */
  after?: string[]
  seed: number
  /** Run folder, in the experiment's. */
  folder: string
} & (
  | { kind: "generate"; benchmark: string }
  | { kind: "judge"; judge: ExperimentJudge }
  | { kind: "train"; training: PlannedTraining; sources: string[] }
  /**
   * Without `model`, the policy is the checkpoint that the training `row` ends with in this folder. `sampledOnly`: greedy
   * cells are not measured again.
   */
  | { kind: "evaluate"; row: string; model?: string; sampledOnly?: true }
)

export type EvaluateJob = Extract<Job, { kind: "evaluate" }>

/**
 * Folder of the trajectories that were generated on one of the benchmarks trained on, with one seed. Where several make one name,
 * all but the first have a digest of theirs in it.
 */
function sourceFolder(seed: number, benchmark: string, sources: readonly string[]): string {
  const nameOf = (each: string): string => each.replace(/[^a-z0-9.-]+/gi, "-")
  const isSame = (each: string): boolean => nameOf(each) === nameOf(benchmark)
  const digest = sources.find(isSame) === benchmark ? "" : `-${contentHash(benchmark, 8)}`
  return `seed-${seed}/${nameOf(benchmark)}${digest}`
}

/** By row, the seed that its own folder was measured with before. */
export type StandingSeeds = ReadonlyMap<string, number>

/**
 * In an order in which every job comes after what it needs. The base is measured before the first training, and a training
 * as soon as it has ended, so that the matrix grows; references fill what is left at the end. What no training made keeps the
 * seed that it was measured with: where it is greedy, no seed changes it.
 */
export function planJobs(experiment: Experiment, standing: StandingSeeds = new Map()): Job[] {
  const jobs: Job[] = []
  const sources = [...new Set(experiment.trainings.flatMap((training) => training.train))]
  for (const seed of experiment.seeds) {
    for (const benchmark of sources) {
      const folder = sourceFolder(seed, benchmark, sources)
      const generate = `generate ${benchmark} seed ${seed}`
      jobs.push({ kind: "generate", id: generate, needs: [], seed, folder, benchmark })
      const judges = new Map(
        experiment.trainings
          .filter((training) => training.train.includes(benchmark))
          .map((training) => judgeOf(experiment, training))
          .map((judge) => [judgeLabel(judge), judge]),
      )
      for (const [label, judge] of judges)
        jobs.push({
          kind: "judge",
          id: `judge ${benchmark} ${label} seed ${seed}`,
          needs: [generate],
          seed,
          folder,
          judge,
        })
    }
  }
  const first = standing.get(baseRow) ?? experiment.seeds[0]!
  const measured = ({ name, policy: model = experiment.policy }: { name: string; policy?: string }): Job => ({
    kind: "evaluate",
    id: `evaluate ${name}`,
    needs: [],
    seed: standing.get(name) ?? first,
    folder: name,
    row: name,
    model,
  })
  jobs.push(measured({ name: baseRow, policy: experiment.policy }), ...furtherBases(experiment, first))
  for (const seed of experiment.seeds) {
    for (const training of experiment.trainings) {
      const { name } = training
      const folder = `seed-${seed}/${name}`
      const id = `train ${name} seed ${seed}`
      jobs.push({
        kind: "train",
        id,
        needs: training.train.map(
          (benchmark) => `judge ${benchmark} ${judgeLabel(judgeOf(experiment, training))} seed ${seed}`,
        ),
        seed,
        folder,
        training,
        sources: training.train.map((benchmark) => sourceFolder(seed, benchmark, sources)),
      })
      jobs.push({ kind: "evaluate", id: `evaluate ${name} seed ${seed}`, needs: [id], seed, folder, row: name })
    }
  }
  jobs.push(...experiment.references.map(measured))
  return jobs.map((job, place) => ({ ...job, after: inFolder(job, jobs.slice(0, place)) }))
}

/** Ids of those before it that write to its folder: a training or a reference may be called as a benchmark is. */
const inFolder = ({ folder, needs }: Job, before: readonly Job[]): string[] =>
  before.filter((each) => each.folder === folder && !needs.includes(each.id)).map(({ id }) => id)

/** A row of a further seed is compared, where it is sampled, with the base of its own seed. */
function furtherBases({ seeds, cells, policy: model }: Experiment, first: number): Job[] {
  if (!cells.some((name) => isSampled(parseCell(name)!))) return []
  const further = seeds.filter((seed) => seed !== first)
  return further.map((seed) => {
    const folder = `seed-${seed}/${baseRow}`
    const id = `evaluate ${baseRow} seed ${seed}`
    return { kind: "evaluate", id, needs: [], seed, folder, row: baseRow, model, sampledOnly: true }
  })
}
