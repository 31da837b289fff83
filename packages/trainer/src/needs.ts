/** What an algorithm cannot do without, looked for before anything is generated. */
import { type AlgorithmNeed, type EngineFactory, SwirlError, type TrainingContext } from "@swirl-ts/core"
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

/** Throws where the options ask for what the engine cannot do. `engine` absent: nobody knows which it will be. */
export function checkAbilities(
  name: string,
  { kl, beta }: Readonly<Record<string, unknown>>,
  { lacks = [] }: Pick<EngineFactory, "lacks"> = {},
): void {
  if (kl !== "exact" || beta === 0 || !lacks.includes("exactKl")) return
  throw new SwirlError(
    `The algorithm ${name} is asked for kl=exact, the KL over the whole vocabulary, and the engine sees the log-probabilities of sampled tokens alone. Take kl=penalty, the default, or the engine local.`,
    { kind: "usage" },
  )
}
