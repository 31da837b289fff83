/** The reference answers of a training's tasks, for algorithms that say they need them. One that is hidden is said before anything is generated. */
import { distinctTasks, SwirlError, type TrainingContext, taskKey } from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { loadTasks } from "../tasks.ts"
import type { SourceFolder } from "./followed-selection.ts"
import { trainedTasks } from "./trained-tasks.ts"

const whatWouldDo = "Train on a split whose answers are public, or take an algorithm that needs none: swirl, mt-grpo."

/** Throws where the first training task of a benchmark hides its answer, before trajectories are made for an algorithm that needs it. */
export async function checkGold(context: StageContext, algorithm: string, benchmark: string): Promise<void> {
  for await (const task of loadTasks(context, context.directory, benchmark, "train", { limit: 1 })) {
    if (task.answer !== undefined || task.acceptedAnswers?.length) return
    throw new SwirlError(
      `The algorithm ${algorithm} needs the reference answers, and ${benchmark}/train has none (${task.id}). ${whatWouldDo}`,
      { kind: "usage" },
    )
  }
}

/** `whose`: the algorithm, in messages. */
export async function goldAnswers(
  context: StageContext,
  sources: readonly SourceFolder[],
  whose: string,
): Promise<NonNullable<TrainingContext["gold"]>> {
  const tasks = distinctTasks(sources.flatMap(({ trajectories }) => trajectories))
  const { references, find } = trainedTasks(context, { tasks, sources })
  const answers = new Map<string, readonly string[]>()
  const hidden: string[] = []
  for (const reference of references) {
    const { answer, acceptedAnswers = [] } = (await find(reference)).task
    const all = [...new Set(answer === undefined ? acceptedAnswers : [answer, ...acceptedAnswers])]
    if (all.length === 0) hidden.push(`${reference.benchmark}/${reference.split} ${reference.taskId}`)
    answers.set(taskKey(reference), all)
  }
  if (hidden.length > 0) {
    throw new SwirlError(
      `${whose} needs the reference answers, and ${hidden.length} of the ${references.length} tasks have none (${hidden.slice(0, 3).join(", ")}${hidden.length > 3 ? " …" : ""}). ${whatWouldDo}`,
      { kind: "usage" },
    )
  }
  return async (reference) => {
    await find(reference)
    return answers.get(taskKey(reference))!
  }
}
