/**
 * What tools answered in a recorded run: every trajectory holds name, input and result of its calls, so every run is such a
 * recording. An answer belongs to its task, since a tool may search the task's own passages.
 */
import { canonicalJson, type Observation, SwirlError, TrajectorySchema } from "@swirl-ts/core"
import type { RecordedCall, ToolReplay } from "@swirl-ts/runner"
import { readRecords, trajectoryFilesAt } from "@swirl-ts/store"

/** `name`: the folder as it was given. A usage error where it holds no trajectories. */
export async function readToolAnswers(path: string, name: string): Promise<ToolReplay> {
  /** By call, then by epoch, in the order of the steps. */
  const answers = new Map<string, Map<number, Observation[]>>()
  for (const file of await trajectoryFilesAt(path)) {
    for await (const { benchmark, split, taskId, epoch, steps } of readRecords(file, TrajectorySchema)) {
      for (const { call, observation } of steps) {
        if (!call || !observation) continue
        const key = keyOf({ benchmark, split, taskId, tool: call.tool, input: call.input })
        const epochs = answers.get(key) ?? new Map<number, Observation[]>()
        answers.set(key, epochs.set(epoch, [...(epochs.get(epoch) ?? []), observation]))
      }
    }
  }
  const counts = { answered: 0, missing: 0 }
  return {
    counts,
    answer(call) {
      const epochs = answers.get(keyOf(call))
      const own = epochs?.get(call.epoch) ?? epochs?.values().next().value
      if (!own) {
        counts.missing++
        throw new SwirlError(
          `${name} has no answer of the tool ${call.tool} to ${canonicalJson(call.input)} for ${call.taskId} of ${call.benchmark}/${call.split}: it was not called so when that was recorded. Run it with the tool itself, or replay the model, too: --model replay:${name}`,
        )
      }
      counts.answered++
      return own[Math.min(call.before, own.length - 1)]!
    },
  }
}

const keyOf = ({ benchmark, split, taskId, tool, input }: Omit<RecordedCall, "epoch" | "before">): string =>
  canonicalJson([benchmark, split, taskId, tool, input])
