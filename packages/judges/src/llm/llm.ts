/**
 * Judges that ask a language model. The judge of steps is shown the question, the conversation and the step, never a
 * reference (its input has none); the outcome judge is shown question, reference and answer; the pairwise judge asks in
 * both orders, and what does not survive the swap is a tie.
 */
import type { Judge, JudgeContext, OutcomeJudge, PairwiseInput, PairwiseJudge, PairwiseVerdict } from "@swirl-ts/core"
import { withNoise } from "../noise.ts"
import type { VerdictWords } from "./last-verdict.ts"
import { type LlmKind, type LlmOptions, resolveLlm } from "./llm-options.ts"
import { type Poll, pollster } from "./poll.ts"
import { tally, tallyVerdict } from "./tally.ts"
import { actionText, transcript } from "./transcript.ts"
import { outcomeWording, pairwiseWording, processWording, wordingFor, wordings } from "./wordings.ts"

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
const pairs: LlmKind = {
  name: "judges/llm-pairwise/1",
  wordings: { pairwise: pairwiseWording },
  shape: { allowed: ["question", "conversation", "first", "second"], required: ["first", "second"] },
}

const goodOrBad: VerdictWords = ["GOOD", "BAD"]
const yesOrNo: VerdictWords = ["YES", "NO"]
const firstOrSecond: VerdictWords = ["FIRST", "SECOND"]

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

/** The judge between two steps; `votes` are asked in each order. */
export async function llmPairwise(options: LlmOptions, context?: JudgeContext): Promise<PairwiseJudge> {
  const settings = await resolveLlm(pairs, options, context)
  const ask = pollster(settings, firstOrSecond)
  const inOrder = ({ prompt, conversation, first, second }: PairwiseInput, asked?: { abortSignal?: AbortSignal }) =>
    ask(
      settings.template("pairwise")({
        ...transcript({ prompt, conversation }),
        first: actionText(first),
        second: actionText(second),
      }),
      asked,
    )
  return {
    identity: settings.identity,
    compare: async (input, asked) => {
      const swapped = { ...input, first: input.second, second: input.first }
      return agreed(await Promise.all([inOrder(input, asked), inOrder(swapped, asked)]))
    },
  }
}

function agreed([forth, back]: readonly [Poll, Poll]): PairwiseVerdict {
  const usage = {
    inputTokens: forth.usage.inputTokens + back.usage.inputTokens,
    outputTokens: forth.usage.outputTokens + back.usage.outputTokens,
  }
  const [one, two] = [tally(forth, firstOrSecond), tally(back, firstOrSecond)]
  for (const { share, reason } of [one, two]) {
    if (share === undefined) return { preferred: "unscored", reason, usage }
  }
  if (one.word === undefined || two.word === undefined) return { preferred: "tie", reason: "votes are tied", usage }
  if (one.word === two.word) {
    return {
      preferred: "tie",
      reason: `whichever stands ${one.word.toLowerCase()} is preferred: position, not content`,
      usage,
    }
  }
  return { preferred: one.word === "FIRST" ? "first" : "second", reason: one.reason, usage }
}
