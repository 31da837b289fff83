/**
 * Judges that ask a language model. The judge of steps is shown the question, the conversation and the step and never a
 * reference: its input has none. The outcome judge is shown question, reference and answer.
 */
import type { Judge, JudgeContext, OutcomeJudge } from "@swirl-ts/core"
import { withNoise } from "../noise.ts"
import type { VerdictWords } from "./last-verdict.ts"
import { type LlmKind, type LlmOptions, resolveLlm } from "./llm-options.ts"
import { pollster } from "./poll.ts"
import { tallyVerdict } from "./tally.ts"
import { actionText, transcript } from "./transcript.ts"
import { outcomeWording, processWording, wordingFor, wordings } from "./wordings.ts"

const steps: LlmKind = {
  name: "judges/llm/1",
  wordings: Object.fromEntries(wordings.map((wording) => [wording, processWording(wording)])),
  shape: { allowed: ["question", "conversation", "action"], required: ["action"] },
  noisy: true,
}
const outcomes: LlmKind = {
  name: "judges/llm-outcome/1",
  wordings: { outcome: outcomeWording },
  shape: { allowed: ["question", "reference", "answer"], required: ["reference", "answer"] },
}

const goodOrBad: VerdictWords = ["GOOD", "BAD"]
const yesOrNo: VerdictWords = ["YES", "NO"]

/** The judge of steps. `noise` flips a share of its verdicts, to study judges. */
export async function llm(options: LlmOptions, context?: JudgeContext): Promise<Judge> {
  const settings = await resolveLlm(steps, options, context)
  const ask = pollster(settings, goodOrBad)
  const judge: Judge = {
    identity: settings.identity,
    timeout: Number.POSITIVE_INFINITY,
    judge: async (input, asked) => {
      const { action } = input.action
      if (action.kind === "malformed") return { verdict: "bad", reason: `the action cannot be read: ${action.reason}` }
      const prompt = settings.template(wordingFor(input))({ ...transcript(input), action: actionText(input.action) })
      return tallyVerdict(await ask(prompt, asked), goodOrBad, settings.aggregate)
    },
  }
  return settings.noise === 0 ? judge : withNoise(judge, settings.noise, options.seed)
}

/** The judge of final answers: `good` where answer and reference say the same. */
export async function llmOutcome(options: LlmOptions, context?: JudgeContext): Promise<OutcomeJudge> {
  const settings = await resolveLlm(outcomes, options, context)
  const ask = pollster(settings, yesOrNo)
  return {
    identity: settings.identity,
    timeout: Number.POSITIVE_INFINITY,
    judge: async ({ question, reference, answer }, asked) => {
      if (answer.trim() === "") return { verdict: "bad", reason: "there is no answer" }
      const prompt = settings.template("outcome")({ question, reference, answer })
      return tallyVerdict(await ask(prompt, asked), yesOrNo, settings.aggregate)
    },
  }
}
