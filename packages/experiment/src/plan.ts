/**
 * The jobs of an experiment and what each waits for. Jobs are plain data, so they can run in other processes;
 * two jobs that may run at the same time never write to the same folder.
 */
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
  /** Ids of other jobs. */
  needs: string[]
  seed: number
  /** Run folder, in the experiment's. */
  folder: string
} & (
  | { kind: "generate"; benchmark: string }
  | { kind: "judge"; judge: ExperimentJudge }
  | { kind: "train"; training: PlannedTraining; sources: string[] }
  /** Without `model`, the policy is the checkpoint that the training `row` ends with in this folder. */
  | { kind: "evaluate"; row: string; model?: string }
)

/** Folder of the trajectories that were generated on one benchmark with one seed. */
const sourceFolder = (seed: number, benchmark: string): string =>
  `seed-${seed}/${benchmark.replace(/[^a-z0-9.-]+/gi, "-")}`

/** In an order in which every job comes after what it needs; trainings first, so that processes end together. */
export function planJobs(experiment: Experiment): Job[] {
  const jobs: Job[] = []
  for (const seed of experiment.seeds) {
    const sources = [...new Set(experiment.trainings.flatMap((training) => training.train))]
    for (const benchmark of sources) {
      const folder = sourceFolder(seed, benchmark)
      const generate = `generate ${benchmark} seed ${seed}`
      jobs.push({ kind: "generate", id: generate, needs: [], seed, folder, benchmark })
      const judges = new Map(
        experiment.trainings
          .filter((training) => training.train.includes(benchmark))
          .map((training) => judgeOf(experiment, training))
          .map((judge) => [judgeLabel(judge), judge]),
      )
      let previous = generate
      for (const [label, judge] of judges) {
        const id = `judge ${benchmark} ${label} seed ${seed}`
        jobs.push({ kind: "judge", id, needs: [previous], seed, folder, judge })
        previous = id
      }
    }
  }
  for (const seed of experiment.seeds) {
    for (const training of experiment.trainings) {
      jobs.push({
        kind: "train",
        id: `train ${training.name} seed ${seed}`,
        needs: training.train.map(
          (benchmark) => `judge ${benchmark} ${judgeLabel(judgeOf(experiment, training))} seed ${seed}`,
        ),
        seed,
        folder: `seed-${seed}/${training.name}`,
        training,
        sources: training.train.map((benchmark) => sourceFolder(seed, benchmark)),
      })
    }
  }
  for (const seed of experiment.seeds) {
    for (const { name } of experiment.trainings) {
      const folder = `seed-${seed}/${name}`
      const needs = [`train ${name} seed ${seed}`]
      jobs.push({ kind: "evaluate", id: `evaluate ${name} seed ${seed}`, needs, seed, folder, row: name })
    }
  }
  // Base and references wait for nothing and are short: they fill what is left at the end.
  const seed = experiment.seeds[0]!
  const measured = [{ name: baseRow, policy: experiment.policy }, ...experiment.references]
  for (const { name, policy: model } of measured) {
    const id = `evaluate ${name}`
    jobs.push({ kind: "evaluate", id, needs: [], seed, folder: name, row: name, model })
  }
  return jobs
}

/**
 * Runs every job once all it needs are done, `width` at a time, in plan order. The first failure stops new jobs;
 * running ones are waited for. `run` gets the number of the free slot, so that a process can be kept for each.
 */
export async function runJobs(
  jobs: readonly Job[],
  width: number,
  run: (job: Job, slot: number) => Promise<void>,
): Promise<void> {
  const done = new Set<string>()
  const waiting = [...jobs]
  const running = new Map<number, Promise<void>>()
  let failure: { error: unknown } | undefined
  while ((waiting.length > 0 && !failure) || running.size > 0) {
    for (let slot = 0; slot < width && !failure; slot++) {
      if (running.has(slot)) continue
      const index = waiting.findIndex((job) => job.needs.every((need) => done.has(need)))
      if (index < 0) break
      const job = waiting.splice(index, 1)[0]!
      running.set(
        slot,
        run(job, slot)
          .then(() => {
            done.add(job.id)
          })
          .catch((error: unknown) => {
            failure ??= { error }
          })
          .finally(() => running.delete(slot)),
      )
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  if (failure) throw failure.error
  if (waiting.length > 0) throw new Error(`jobs wait for each other: ${waiting.map((job) => job.id).join(", ")}`)
}
