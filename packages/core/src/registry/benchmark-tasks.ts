/**
 * The tasks of a split, read one after another and no further than they are needed: whatever `load` does with its `limit`,
 * no more are taken, and its own end (`finally`) runs when reading stops.
 */
import type { LoadOptions, Task, Tasks } from "../contracts/benchmark.ts"
import { SwirlError } from "../errors.ts"
import { checkSplit, type NamedBenchmark, ofBenchmark } from "./benchmark-calls.ts"
import { pluginFailure } from "./plugin-calls.ts"

/** The split is checked, and every task; what `load` throws, or gives in place of tasks, names the benchmark. */
export async function* benchmarkTasks<T extends Task>(
  benchmark: NamedBenchmark<T>,
  split: string,
  options: LoadOptions,
): AsyncGenerator<T> {
  checkSplit(benchmark, split)
  const { limit = Number.POSITIVE_INFINITY, abortSignal } = options
  if (limit <= 0) return
  const { fullName, value } = benchmark
  let count = 0
  try {
    for await (const task of listOf<T>(fullName, await value.load(split, options))) {
      abortSignal?.throwIfAborted()
      count++
      checkTask(fullName, task, count)
      yield task
      if (count >= limit) return
    }
  } catch (error) {
    abortSignal?.throwIfAborted()
    throw pluginFailure(ofBenchmark(benchmark, "load"), error)
  }
}

function listOf<T extends Task>(fullName: string, given: unknown): Tasks<T> {
  const isList =
    typeof given === "object" && given !== null && (Symbol.asyncIterator in given || Symbol.iterator in given)
  if (isList) return given as Tasks<T>
  throw new SwirlError(
    `Benchmark ${fullName}: load gave ${given === null ? "null" : typeof given} in place of tasks: it should be an async generator, or give a list.`,
  )
}

/** `count` is the task's place, from 1. */
function checkTask(fullName: string, task: unknown, count: number): void {
  const problem = taskProblem(task)
  if (problem === undefined) return
  throw new SwirlError(`Benchmark ${fullName}: load gave a task that cannot be used, number ${count}: ${problem}.`)
}

function taskProblem(task: unknown): string | undefined {
  if (typeof task !== "object" || task === null) return `it is ${JSON.stringify(task) ?? typeof task}, no object`
  const fields = task as Record<string, unknown>
  for (const name of ["id", "question"]) {
    if (fields[name] === undefined) return `its "${name}" is missing`
    if (typeof fields[name] !== "string") return `its "${name}" is ${JSON.stringify(fields[name])}, which is no text`
  }
  return fields.id === "" ? 'its "id" is empty' : undefined
}
