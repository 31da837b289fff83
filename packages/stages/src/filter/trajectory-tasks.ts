/** The tasks that recorded trajectories come from: what their answers are worth officially, and what a judge of answers is asked. */
import type { NamedBenchmark, Task, Trajectory } from "@swirl-ts/core"
import { inParallel } from "@swirl-ts/kit"
import { scoreInTime } from "@swirl-ts/runner"
import type { StageContext } from "../context.ts"
import { type FinalAnswer, finalAnswer } from "../judge/outcomes.ts"
import { loadTasks } from "../tasks.ts"

/** Whether each trajectory's answer scores full marks in its benchmark's primary metric; nothing where it has no score. */
export async function officialOutcomes(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): Promise<Map<string, boolean>> {
  const right = new Map<string, boolean>()
  const { concurrency, abortSignal } = context
  await inParallel(
    withTasks(context, directory, trajectories),
    concurrency,
    async ({ task, trajectory, benchmark }) => {
      try {
        const metrics = await scoreInTime(benchmark, task, trajectory.answer, abortSignal)
        right.set(trajectory.id, metrics[benchmark.value.primaryMetric]! >= 1)
      } catch {
        abortSignal?.throwIfAborted()
        // What cannot be scored has no outcome: strategies count it as unscored.
      }
    },
  )
  return right
}

export async function finalAnswers(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): Promise<FinalAnswer[]> {
  const answers: FinalAnswer[] = []
  for await (const { task, trajectory } of withTasks(context, directory, trajectories)) {
    answers.push(finalAnswer(trajectory, task))
  }
  return answers
}

interface WithTask {
  trajectory: Trajectory
  task: Task
  benchmark: NamedBenchmark
}

/** Each trajectory with its task, in the order of the tasks. */
async function* withTasks(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): AsyncGenerator<WithTask> {
  const wanted = new Map<string, Map<string, Trajectory[]>>()
  for (const trajectory of trajectories) {
    const key = `${trajectory.benchmark} ${trajectory.split}`
    const tasks = wanted.get(key) ?? new Map<string, Trajectory[]>()
    tasks.set(trajectory.taskId, [...(tasks.get(trajectory.taskId) ?? []), trajectory])
    wanted.set(key, tasks)
  }
  for (const [key, tasks] of wanted) {
    const [name, split] = key.split(" ") as [string, string]
    const benchmark = context.registry.resolve("benchmarks", name)
    let open = tasks.size
    for await (const task of loadTasks(context, directory, name, split)) {
      const made = tasks.get(task.id)
      if (!made) continue
      for (const trajectory of made) yield { trajectory, task, benchmark }
      if (--open === 0) break
    }
  }
}
