/** A judge that errs on purpose: a share of verdicts is flipped, the same ones every time the same input is judged. */
import { contentHash, type Judge, type JudgeInput, type JudgeVerdict, seedFrom } from "@swirl-ts/core"
import { z } from "zod"

/** Share of verdicts that are flipped. */
export const noiseOption = z.number().min(0).max(1).default(0)

/** Flips a verdict when a draw seeded by (seed, content of the input) falls below `share`; unscored stays unscored. */
export function withNoise(judge: Judge, share: number, seed: number): Judge {
  return {
    identity: `${judge.identity} noise=${share} seed=${seed}`,
    timeout: judge.timeout,
    judge: async (input, options) => flip(await judge.judge(input, options), input, share, seed),
  }
}

function flip(verdict: JudgeVerdict, input: JudgeInput, share: number, seed: number): JudgeVerdict {
  if (verdict.verdict === "unscored") return verdict
  const draw = seedFrom(seed, "noise", contentHash(visible(input))) / 2 ** 32
  if (draw >= share) return verdict
  const flipped = verdict.verdict === "good" ? "bad" : "good"
  return {
    ...verdict,
    verdict: flipped,
    score: verdict.score === undefined ? undefined : 1 - verdict.score,
    reason: `flipped by noise; before: ${verdict.verdict}: ${verdict.reason}`,
  }
}

/** What everybody sees of the steps and nothing else: what a caller adds, or a tool says beside its text, must not move the draw. */
function visible({ prompt, conversation, action }: JudgeInput): unknown {
  const steps = conversation.map(({ text, action, observation }) => ({
    text,
    action,
    observation: observation && { text: observation.text, isError: observation.isError },
  }))
  return { prompt, steps, action: { text: action.text, action: action.action } }
}
