/** What the benchmarks know of exported trajectories: reference answers, and scores where none is on record. No task is held. */
import type { Metrics } from "@swirl-ts/core"
import { scoreInTime } from "@swirl-ts/runner"
import { eachRecordedTask, referenceAnswers, type StageContext } from "@swirl-ts/stages"
import { type ExportSource, type Outline, recordedScores } from "./source.ts"

export interface TaskFacts {
  references?: readonly string[]
  metrics?: Metrics
}

/** By trajectory. Nothing for those of benchmarks that are not loaded. */
export async function taskFacts(
  context: StageContext,
  source: ExportSource,
  outlines: readonly Outline[],
): Promise<Map<string, TaskFacts>> {
  const { registry, directory, abortSignal } = context
  const recorded = source.samples && (await recordedScores(source.samples))
  const known = outlines.filter(({ benchmark }) => registry.has("benchmarks", benchmark))
  const facts = new Map<string, TaskFacts>()
  for (const { id } of recorded ? outlines : []) facts.set(id, { metrics: recorded?.get(id) })
  for await (const { task, trajectory, benchmark } of eachRecordedTask(context, directory, known)) {
    abortSignal?.throwIfAborted()
    const references = referenceAnswers(task)
    let metrics = recorded?.get(trajectory.id)
    if (!recorded) {
      try {
        metrics = await scoreInTime(benchmark, task, trajectory.answer, abortSignal)
      } catch {
        abortSignal?.throwIfAborted()
        // What cannot be scored has no score.
      }
    }
    facts.set(trajectory.id, { references: references.length > 0 ? references : undefined, metrics })
  }
  return facts
}
