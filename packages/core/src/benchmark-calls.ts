/** A benchmark's own functions, called so that what is wrong with them is told by the benchmark's name. */
import type { Benchmark, Metrics, Task } from "./benchmark.ts"
import { errorMessage, isSwirlError, SwirlError } from "./errors.ts"

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
