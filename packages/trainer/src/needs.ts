/** What an algorithm cannot do without, looked for before anything is generated. */
import { type AlgorithmNeed, SwirlError, type TrainingContext } from "@swirl-ts/core"
import { conversationOf } from "./groups.ts"

const missing: Record<AlgorithmNeed, string> = {
  rollouts:
    "needs fresh episodes, and this training has none to give. Train where the benchmark and its tools are at hand (swirl train does), or take an algorithm of recorded states: swirl, format-only, step-dpo.",
  gold: "needs the reference answers, and this training gives none. Train on a benchmark whose answers are public, or take an algorithm without them: mt-grpo, outcome-grpo, swirl.",
}

export function checkNeeds(
  name: string,
  needs: readonly AlgorithmNeed[] = [],
  context: Pick<TrainingContext, AlgorithmNeed | "engine" | "format" | "tools">,
): void {
  // Episodes of an engine whose model keeps no ids could not be trained on.
  if (needs.includes("rollouts")) conversationOf(context)
  for (const need of needs) {
    if (!context[need]) throw new SwirlError(`The algorithm ${name} ${missing[need]}`, { kind: "usage" })
  }
}
