/** A benchmark's own functions, called so that what is wrong with them is told by the benchmark's name. */
import type { Benchmark, LoadOptions, Metrics, Task } from "./benchmark.ts"
import { errorMessage, isSwirlError, SwirlError } from "./errors.ts"
import { suggestion } from "./suggest.ts"

/** `fullName` as the registry gives it, e.g. `bench-gsm8k/gsm8k`. */
export interface NamedBenchmark<T extends Task = Task> {
  fullName: string
  value: Benchmark<T>
}

/** What a benchmark threw, by its name; what is a SwirlError already stays as it is. */
function benchmarkError(fullName: string, what: string, error: unknown): SwirlError {
  return isSwirlError(error)
    ? error
    : new SwirlError(`Benchmark ${fullName}: ${what} failed: ${errorMessage(error)}`, { cause: error })
}

/** Throws a usage error for a split that the benchmark does not have. */
export function checkSplit(
  { fullName, value }: { fullName: string; value: Pick<Benchmark, "splits"> },
  split: string,
): void {
  if (value.splits.includes(split)) return
  const there = `It has ${value.splits.join(", ")}.`
  const near = suggestion(split, value.splits)
  throw new SwirlError(
    `Benchmark ${fullName} has no split "${split}".${near.startsWith(" Did") ? near : ""} ${there}`,
    {
      kind: "usage",
    },
  )
}

/** The tasks of a split; the split is checked, and what `load` throws names the benchmark. */
export async function* benchmarkTasks<T extends Task>(
  benchmark: NamedBenchmark<T>,
  split: string,
  options: LoadOptions,
): AsyncGenerator<T> {
  checkSplit(benchmark, split)
  try {
    yield* benchmark.value.load(split, options)
  } catch (error) {
    throw benchmarkError(benchmark.fullName, "load", error)
  }
}

/** Metrics of one answer. A SwirlError says why there are none: such a sample is unscored, never zero. */
export function scoreAnswer<T extends Task>(
  { fullName, value }: NamedBenchmark<T>,
  task: T,
  answer: string | undefined,
): Metrics {
  const refuse = (what: string): never => {
    throw new SwirlError(`Benchmark ${fullName}: score ${what}.`)
  }
  let metrics: unknown
  try {
    metrics = value.score(task, answer)
  } catch (error) {
    throw benchmarkError(fullName, "score", error)
  }
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics) || metrics instanceof Promise) {
    const given = metrics instanceof Promise ? "a promise" : Array.isArray(metrics) ? "a list" : JSON.stringify(metrics)
    return refuse(`gave ${Number.isNaN(metrics) ? "NaN" : given} in place of metrics by name, e.g. { accuracy: 1 }`)
  }
  const names = Object.keys(metrics)
  if (names.length === 0) refuse("gave no metrics (is the reference hidden?)")
  for (const [name, metric] of Object.entries(metrics)) {
    if (!Number.isFinite(metric)) refuse(`gave the metric ${name} as ${metric}, which is no finite number`)
  }
  const { primaryMetric } = value
  const primary = (metrics as Metrics)[primaryMetric]
  if (primary === undefined) {
    return refuse(`gave no ${primaryMetric}, which is its primaryMetric; it gave ${names.join(", ")}`)
  }
  if (primary < 0 || primary > 1)
    refuse(`gave its primaryMetric ${primaryMetric} as ${primary}, which is not in [0, 1]`)
  return metrics as Metrics
}
