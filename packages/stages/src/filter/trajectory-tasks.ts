/** The tasks that recorded trajectories come from: what their answers are worth officially, and what a judge of answers is asked. */
import { type NamedBenchmark, scoreAnswer, type Task, type Trajectory } from "@swirl-ts/core"
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
  await forEachTask(context, directory, trajectories, (task, made, benchmark) => {
    for (const trajectory of made) {
      try {
        right.set(trajectory.id, scoreAnswer(benchmark, task, trajectory.answer)[benchmark.value.primaryMetric]! >= 1)
      } catch {
        // What cannot be scored has no outcome: strategies count it as unscored.
      }
    }
  })
  return right
}

export async function finalAnswers(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): Promise<FinalAnswer[]> {
  const answers: FinalAnswer[] = []
  await forEachTask(context, directory, trajectories, (task, made) => {
    for (const trajectory of made) answers.push(finalAnswer(trajectory, task))
  })
  return answers
}

/** Each task with its trajectories. */
async function forEachTask(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
  use: (task: Task, made: readonly Trajectory[], benchmark: NamedBenchmark) => void,
): Promise<void> {
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
      use(task, made, benchmark)
      if (--open === 0) break
    }
  }
}
