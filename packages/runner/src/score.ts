/** The benchmark's score of an answer within its time: one that hangs, as executed code may, leaves the answer unscored. */
import { type Metrics, type NamedBenchmark, scoreAnswer, type Task } from "@swirl-ts/core"
import { inTime } from "@swirl-ts/kit"

const defaultTimeout = 120_000

/** Throws what says why there is no score; after an abort, the abort's reason. */
export async function scoreInTime<T extends Task>(
  benchmark: NamedBenchmark<T>,
  task: T,
  answer: string | undefined,
  abortSignal?: AbortSignal,
): Promise<Metrics> {
  const { fullName, value } = benchmark
  const milliseconds = value.scoreTimeout ?? defaultTimeout
  const late = `Benchmark ${fullName}: score gave nothing within ${milliseconds / 1000} s`
  const score = (signal: AbortSignal) => scoreAnswer(benchmark, task, answer, { abortSignal: signal })
  return inTime(score, { milliseconds, late, abortSignal, grace: 1000 })
}
