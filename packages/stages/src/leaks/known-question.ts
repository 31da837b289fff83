/** A task as leaks are found by it: its text, and what its benchmark knows of it beside that. */
import { callPlugin, type KnownQuestion, type NamedBenchmark, ofBenchmark, type Task } from "@swirl-ts/core"

export interface BenchmarkSplit {
  benchmark: NamedBenchmark
  split: string
}

export function knownQuestion({ benchmark, split }: BenchmarkSplit, task: Task): KnownQuestion {
  const { value, fullName } = benchmark
  const { retrieval, leaks } = value
  const ask = (what: string, list: () => readonly string[] | undefined): string[] | undefined => {
    const found = callPlugin({ ...ofBenchmark(benchmark, what), taskId: task.id }, list)
    return found && found.length > 0 ? [...found] : undefined
  }
  return {
    benchmark: fullName,
    split,
    taskId: task.id,
    question: task.question,
    titles: ask("retrieval.goldTitles", () => retrieval?.goldTitles(task)),
    subQuestions: ask("leaks.subQuestions", () => leaks?.subQuestions?.(task)),
    isGenerated: leaks?.isGenerated || undefined,
  }
}

/** The questions that the task's prompt shows worked. */
export const workedExamples = ({ benchmark }: BenchmarkSplit, task: Task): readonly string[] =>
  callPlugin(
    { ...ofBenchmark(benchmark, "leaks.workedExamples"), taskId: task.id },
    () => benchmark.value.leaks?.workedExamples?.(task) ?? [],
  )

/** Whether a task says more than a trajectory of it does. */
export const knowsMore = ({ value: { retrieval, leaks } }: NamedBenchmark): boolean =>
  retrieval !== undefined || leaks?.subQuestions !== undefined || leaks?.workedExamples !== undefined
