/**
 * The tasks that recorded trajectories come from, as the data have them now. One is a trajectory's only where its question is
 * the one that was asked: ids are row numbers in some data sets, so another file under one path has them, too.
 */
import { type NamedBenchmark, SwirlError, type Task, type Trajectory } from "@swirl-ts/core"
import { resolve } from "@swirl-ts/platform"
import type { StageContext } from "./context.ts"
import { generatedPrompting } from "./prompting.ts"
import { loadTasks, recordedDataPath } from "./tasks.ts"

/** What says which task a trajectory is of. */
export type Asked = Pick<Trajectory, "benchmark" | "split" | "taskId" | "question">

export interface RecordedTask<A extends Asked = Trajectory> {
  trajectory: A
  task: Task
  benchmark: NamedBenchmark
}

/** Each trajectory with its task, in the order of the tasks; a usage error where the data have not all of them as they were. */
export async function recordedTasks(
  context: StageContext,
  directory: string,
  trajectories: readonly Trajectory[],
): Promise<RecordedTask[]> {
  const found: RecordedTask[] = []
  for await (const each of eachRecordedTask(context, directory, trajectories)) found.push(each)
  return found
}

/** The same, one after another: no task is held. The error comes at the end of a split, and takes back what came of it. */
export async function* eachRecordedTask<A extends Asked>(
  context: StageContext,
  directory: string,
  trajectories: readonly A[],
): AsyncGenerator<RecordedTask<A>> {
  const bySplit = Map.groupBy(trajectories, ({ benchmark, split }) => `${benchmark} ${split}`)
  for (const made of bySplit.values()) {
    const { benchmark: name, split } = made[0]!
    const benchmark = context.registry.resolve("benchmarks", name)
    const open = Map.groupBy(made, ({ taskId }) => taskId)
    const others: RecordedTask<A>[] = []
    const shots = (await generatedPrompting(directory, benchmark.fullName, split))?.shots
    for await (const task of loadTasks(context, directory, name, split, { shots })) {
      for (const trajectory of open.get(task.id) ?? []) {
        const each = { trajectory, task, benchmark }
        if (trajectory.question === task.question) yield each
        else others.push(each)
      }
      open.delete(task.id)
      if (open.size === 0) break
    }
    const missing = [...open.values()].flat()
    if (others.length + missing.length > 0)
      throw await otherData(context, directory, { of: made.length, others, missing })
  }
}

async function otherData(
  context: StageContext,
  directory: string,
  { of, others, missing }: { of: number; others: readonly RecordedTask<Asked>[]; missing: readonly Asked[] },
): Promise<SwirlError> {
  const { benchmark, split } = others[0]?.trajectory ?? missing[0]!
  const path = await recordedDataPath(context, directory, benchmark, split)
  const data = path === undefined ? "the data" : resolve(context.host.workingDirectory, path)
  const [first] = others
  const said = [
    ...(first
      ? [
          `${others.length} of ${of} were asked another question (the first: ${first.trajectory.taskId} was ${shown(first.trajectory.question)} and is ${shown(first.task.question)} now)`,
        ]
      : []),
    ...(missing.length > 0 ? [`${missing.length} of ${of} are of tasks that are not there (${idsOf(missing)})`] : []),
  ]
  return new SwirlError(
    `The trajectories of ${benchmark}/${split} in ${directory} are not of the tasks that ${data} ${path === undefined ? "have" : "has"} now: ${said.join("; ")}. Nothing was judged by them. Give the data that they were made from (--data), or generate anew in another folder (--run).`,
    { kind: "usage" },
  )
}

const shown = (question: string): string =>
  JSON.stringify(question.length > 60 ? `${question.slice(0, 60)}…` : question)

function idsOf(trajectories: readonly Asked[]): string {
  const ids = [...new Set(trajectories.map(({ taskId }) => taskId))]
  return `${ids.slice(0, 3).join(", ")}${ids.length > 3 ? " …" : ""}`
}
