/**
 * Many tasks, many samples each, a bounded number at once. What is in the trajectory file is not done again, responses
 * of unfinished trajectories are used again and dropped once these are on disk, and results do not depend on the order in which they finish.
 * Models that keep token ids are given fixed blocks, written block by block (DESIGN 4).
 */
import { isCommandEnd, type ResponseRecord, SwirlError, type Task, type Trajectory } from "@swirl-ts/core"
import { inParallel, withGrace } from "@swirl-ts/kit"
import { setMaxListeners } from "@swirl-ts/platform"
import type { RecordFile } from "@swirl-ts/store"
import { plannedTrajectoryId, runTrajectory, type TrajectoryOptions, type TrajectorySettings } from "./trajectory.ts"

export interface RolloutOptions<T extends Task = Task> extends TrajectorySettings<T> {
  tasks: Iterable<T> | AsyncIterable<T>
  /** Trajectories a task; default 1. Epochs `0 … samples - 1`. */
  samples?: number
  /** Default: a block where there are blocks, else 16; pass the smaller of `--concurrency` and the model's own. */
  concurrency?: number
  /**
   * Trajectories a block, taken in task order; a block that is not whole on disk is repeated as a whole.
   * Default: 64 where the model keeps token ids, else none (every trajectory by itself).
   */
  blockSize?: number
  trajectories?: RecordFile<Trajectory>
  /** Not used in blocks: they are repeated as a whole. */
  responses?: RecordFile<ResponseRecord>
  /** After the record is on disk; also for those that were there already. */
  onTrajectory?(trajectory: Trajectory, task: T, resumed: boolean): void | Promise<void>
  onProgress?(progress: Progress): void
  /** Trajectories in all, where it is known (an array of tasks tells by itself). */
  total?: number
  /** Graceful end: no new trajectories, those in flight are finished. `abortSignal` ends those too. */
  stopSignal?: AbortSignal
  /** Milliseconds that requests in flight have after an abort, where their responses are kept; default 5,000. */
  grace?: number
}

export interface Progress {
  done: number
  total?: number
  /** Of `done`: there already when the run began. */
  resumed: number
  answered: number
  /** Ended at a limit without an answer. */
  limit: number
  errors: number
  /** Why the newest of them failed. */
  lastError?: string
  steps: number
  malformed: number
  /** Of new trajectories: what was spent on them. */
  inputTokens: number
  outputTokens: number
  /** Of their turns, those that were answered before: from the cache, or from a recording. */
  cached: number
}

export interface RolloutResult extends Progress {
  /** True when a signal ended the run early; running it again goes on. */
  aborted: boolean
}

type RecordedTurns = Pick<TrajectoryOptions, "cachedResponses" | "onResponse">

/** Where a trajectory's turns are found and kept; `ids` gets those of all that it took. */
const recordedTurns = (responses: RecordFile<ResponseRecord>, ids: string[]): RecordedTurns => ({
  cachedResponses: {
    async get(id) {
      const found = await responses.get(id)
      if (found) ids.push(id)
      return found
    },
  },
  async onResponse(response) {
    await responses.append(response)
    ids.push(response.id)
  },
})

interface Unit<T> {
  task: T
  epoch: number
  id: string
}

export async function rollout<T extends Task>(options: RolloutOptions<T>): Promise<RolloutResult> {
  const { samples = 1, trajectories, abortSignal, stopSignal, grace = 5000 } = options
  const blockSize = options.blockSize ?? (options.model.conversation ? 64 : undefined)
  const concurrency = options.concurrency ?? blockSize ?? 16
  const total = options.total ?? (Array.isArray(options.tasks) ? options.tasks.length * samples : undefined)
  const progress: Progress = {
    done: 0,
    total,
    resumed: 0,
    answered: 0,
    limit: 0,
    errors: 0,
    steps: 0,
    malformed: 0,
    inputTokens: 0,
    outputTokens: 0,
    cached: 0,
  }
  const stopped = (): boolean => Boolean(abortSignal?.aborted || stopSignal?.aborted)
  // A failing disk or a wrong setting ends everything: what is in flight is aborted with it.
  const failure = new AbortController()
  const signal = abortSignal ? AbortSignal.any([abortSignal, failure.signal]) : failure.signal
  // A response that is on its way is paid for: it is waited for and kept, and the next run goes on from it.
  const requestSignal =
    abortSignal && options.responses
      ? withGrace({ stop: abortSignal, now: failure.signal, milliseconds: grace })
      : signal

  setMaxListeners(0, signal, requestSignal)
  const stop = (error: unknown): void => {
    // Where nobody answers any more, or a budget is spent, what is in flight is finished and kept.
    if (isCommandEnd(error)) return
    if (!abortSignal?.aborted || error !== abortSignal.reason) failure.abort(error)
  }
  let aborted = false
  const onStop = (): void => {
    aborted = true
  }
  const advance = (trajectory: Trajectory, resumed: boolean): void => {
    count(progress, trajectory, resumed)
    options.onProgress?.({ ...progress })
  }
  const run = (unit: Unit<T>, recorded?: RecordedTurns): Promise<Trajectory> =>
    runTrajectory<T>({
      ...options,
      task: unit.task,
      epoch: unit.epoch,
      abortSignal: signal,
      requestSignal,
      ...recorded,
    })

  const runOne = async (unit: Unit<T>): Promise<void> => {
    const known = await trajectories?.get(unit.id)
    const { responses } = options
    const turns: string[] = []
    const trajectory = known ?? (await run(unit, responses && recordedTurns(responses, turns)))
    if (!known && trajectories) {
      await trajectories.append(trajectory)
      // One that failed is tried again, with the turns that it had.
      if (trajectory.status !== "error") responses?.drop(turns)
    }
    advance(trajectory, known !== undefined)
    await options.onTrajectory?.(trajectory, unit.task, known !== undefined)
  }
  const runBlock = async (block: readonly Unit<T>[]): Promise<void> => {
    const known = block.map((unit) => trajectories?.has(unit.id) ?? false)
    const fresh: (Trajectory | undefined)[] = []
    if (known.includes(false)) {
      const repeat = async ([index, unit]: [number, Unit<T>]): Promise<void> => {
        const trajectory = await run(unit)
        fresh[index] = trajectory
        if (!known[index]) advance(trajectory, false)
      }
      await inParallel(block.entries(), Math.min(concurrency, block.length), repeat, stop)
      // In order and at once: a kill leaves whole blocks and at most one torn one.
      const appended = fresh.map((trajectory) => trajectories?.append(trajectory!))
      await Promise.all([...appended, trajectories?.commit()])
    }
    for (const [index, unit] of block.entries()) {
      const resumed = known[index]!
      const trajectory = (resumed ? await trajectories!.get(unit.id) : fresh[index])!
      if (resumed) advance(trajectory, true)
      await options.onTrajectory?.(trajectory, unit.task, resumed)
    }
  }

  try {
    const units = planUnits(options, samples)
    if (blockSize === undefined) await inParallel(until(units, stopped, onStop), concurrency, runOne, stop)
    else for await (const block of until(blocksOf(units, blockSize), stopped, onStop)) await runBlock(block)
  } catch (error) {
    stop(error)
    if (!abortSignal?.aborted) throw error
    aborted = true
  }
  return { ...progress, aborted }
}

async function* planUnits<T extends Task>(options: RolloutOptions<T>, samples: number): AsyncGenerator<Unit<T>> {
  const seen = new Set<string>()
  for await (const task of options.tasks) {
    if (seen.has(task.id)) {
      throw new SwirlError(
        `Benchmark ${options.benchmark.fullName} gave the task id "${task.id}" twice; ids have to be unique.`,
        { kind: "usage" },
      )
    }
    seen.add(task.id)
    for (let epoch = 0; epoch < samples; epoch++) {
      yield { task, epoch, id: plannedTrajectoryId(options, task, epoch) }
    }
  }
}

async function* blocksOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let block: T[] = []
  for await (const item of items) {
    block.push(item)
    if (block.length < size) continue
    yield block
    block = []
  }
  if (block.length > 0) yield block
}

/** Items until a signal; `onStop` is told only where there was more to do. */
async function* until<T>(items: AsyncIterable<T>, stopped: () => boolean, onStop: () => void): AsyncGenerator<T> {
  for await (const item of items) {
    if (stopped()) return onStop()
    yield item
  }
}

function count(progress: Progress, trajectory: Trajectory, resumed: boolean): void {
  progress.done++
  if (resumed) progress.resumed++
  if (trajectory.status === "answered") progress.answered++
  else if (trajectory.status === "error") {
    progress.errors++
    progress.lastError = trajectory.error
  } else progress.limit++
  progress.steps += trajectory.steps.length
  progress.malformed += trajectory.steps.filter((step) => step.kind === "malformed").length
  if (resumed) return
  progress.inputTokens += trajectory.usage.inputTokens
  progress.outputTokens += trajectory.usage.outputTokens
  progress.cached += trajectory.usage.cached?.responses ?? 0
}
