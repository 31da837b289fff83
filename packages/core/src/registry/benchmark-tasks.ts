/**
 * The tasks of a split, read one after another and no further than they are needed: whatever `load` does with its `limit`,
 * no more are taken, and its own end (`finally`) runs when reading stops.
 */
import type { LoadOptions, Task, Tasks } from "../contracts/benchmark.ts"
import { workAs } from "./at-work.ts"
import { checkShots, checkSplit, type NamedBenchmark, ofBenchmark } from "./benchmark-calls.ts"
import { callNameOf, PluginFailure, pluginFailure } from "./plugin-calls.ts"

/** Split and shots are checked, and every task; what `load` throws, or gives in place of tasks, names the benchmark. */
export async function* benchmarkTasks<T extends Task>(
  benchmark: NamedBenchmark<T>,
  split: string,
  options: LoadOptions,
): AsyncGenerator<T> {
  checkSplit(benchmark, split)
  checkShots(benchmark, options.shots)
  const { limit = Number.POSITIVE_INFINITY, abortSignal } = options
  if (limit <= 0) return
  const { fullName, value } = benchmark
  const call = ofBenchmark(benchmark, "load")
  const name = callNameOf(call)
  let count = 0
  try {
    const given = await workAs(name, () => value.load(split, options))
    for await (const task of readAs(name, listOf<T>(fullName, given))) {
      abortSignal?.throwIfAborted()
      count++
      checkTask(fullName, task, count)
      yield task
      if (count >= limit) return
    }
  } catch (error) {
    abortSignal?.throwIfAborted()
    throw pluginFailure(call, error)
  }
}

/** Reads a list whose every entry is code of others, as a generator's are: it runs when it is asked for the next. */
function readAs<T extends Task>(name: string, list: Tasks<T>): AsyncIterable<T> {
  const iterator = Symbol.asyncIterator in list ? list[Symbol.asyncIterator]() : list[Symbol.iterator]()
  const none = { done: true as const, value: undefined }
  return {
    [Symbol.asyncIterator]: () => ({
      next: () =>
        workAs(name, async () => {
          const next = await iterator.next()
          return next.done ? none : { done: false, value: await next.value }
        }),
      return: () =>
        workAs(name, async () => {
          await iterator.return?.()
          return none
        }),
    }),
  }
}

function listOf<T extends Task>(fullName: string, given: unknown): Tasks<T> {
  const isList =
    typeof given === "object" && given !== null && (Symbol.asyncIterator in given || Symbol.iterator in given)
  if (isList) return given as Tasks<T>
  throw new PluginFailure(
    `Benchmark ${fullName}: load gave ${given === null ? "null" : typeof given} in place of tasks: it should be an async generator, or give a list.`,
    { kind: "usage" },
  )
}

/** `count` is the task's place, from 1. */
function checkTask(fullName: string, task: unknown, count: number): void {
  const problem = taskProblem(task)
  if (problem === undefined) return
  throw new PluginFailure(`Benchmark ${fullName}: load gave a task that cannot be used, number ${count}: ${problem}.`, {
    kind: "usage",
  })
}

function taskProblem(task: unknown): string | undefined {
  if (typeof task !== "object" || task === null) return `it is ${shown(task)}, no object`
  const { id, question, answer, acceptedAnswers } = task as Record<keyof Task, unknown>
  for (const [name, value] of Object.entries({ id, question })) {
    if (value === undefined) return `its "${name}" is missing`
    if (typeof value !== "string") return noText(name, value)
  }
  if (id === "") return 'its "id" is empty'
  // Answers of models are text: a number would be right for nobody.
  if (answer !== undefined && typeof answer !== "string") return `${noText("answer", answer)}; ${asText}`
  if (acceptedAnswers === undefined) return undefined
  if (!Array.isArray(acceptedAnswers)) return `its "acceptedAnswers" is ${shown(acceptedAnswers)}, which is no list`
  const index = acceptedAnswers.findIndex((each) => typeof each !== "string")
  return index === -1 ? undefined : `${noText(`acceptedAnswers.${index}`, acceptedAnswers[index])}; ${asText}`
}

const noText = (name: string, value: unknown): string => `its "${name}" is ${shown(value)}, which is no text`
const asText = "write it as text, and leave out what is hidden"

function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return typeof value
  }
}
