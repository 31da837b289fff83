/** What an answer is worth officially, checked: what is no score is never taken for zero. */
import type { ScoreOptions, Task } from "../contracts/benchmark.ts"
import type { Metrics } from "../contracts/metrics.ts"
import { SwirlError } from "../errors.ts"
import { type NamedBenchmark, ofBenchmark } from "./benchmark-calls.ts"
import { callPlugin } from "./plugin-calls.ts"

/** Metrics of one answer. A SwirlError says why there are none: such a sample is unscored, never zero. */
export async function scoreAnswer<T extends Task>(
  { fullName, value }: NamedBenchmark<T>,
  task: T,
  answer: string | undefined,
  options: ScoreOptions = {},
): Promise<Metrics> {
  const refuse = (what: string): never => {
    throw new SwirlError(`Benchmark ${fullName}: score ${what}.`)
  }
  const call = { ...ofBenchmark({ fullName }, "score"), taskId: task.id, abortSignal: options.abortSignal }
  const metrics: unknown = await callPlugin(call, async () => value.score(task, answer, options))
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics)) {
    const given = Array.isArray(metrics) ? "a list" : JSON.stringify(metrics)
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
