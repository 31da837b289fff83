/**
 * Gold-step recall (ours): the share of a task's known intermediate facts that a trajectory's observations show. It
 * measures steps by the reference alone, so by something other than the judge that trained them.
 */
import type { Trajectory } from "../records/records.ts"
import type { Metrics } from "./metrics.ts"
import type { Observation } from "./tool-output.ts"

export interface SeenObservation extends Observation {
  tool: string
}

export interface GoldStep {
  /** The metric it counts towards: `gold_step_recall`, or a finer one beside it such as `gold_sentence_recall`. */
  metric: string
  /** What it is, for people. */
  text: string
  /** Whether one observation shows it. */
  seenIn(observation: SeenObservation): boolean
}

/** The share of steps seen in any observation of a tool, one value in [0, 1] a metric; no metric where there is no step. */
export function goldStepRecall(goldSteps: readonly GoldStep[], { steps }: Pick<Trajectory, "steps">): Metrics {
  const observations = steps.flatMap(({ call, observation }): SeenObservation[] =>
    call && observation ? [{ tool: call.tool, ...observation }] : [],
  )
  const counts = new Map<string, { seen: number; all: number }>()
  for (const { metric, seenIn } of goldSteps) {
    const count = counts.get(metric) ?? { seen: 0, all: 0 }
    count.all += 1
    if (observations.some((observation) => seenIn(observation))) count.seen += 1
    counts.set(metric, count)
  }
  return Object.fromEntries([...counts].map(([metric, { seen, all }]) => [metric, seen / all]))
}
