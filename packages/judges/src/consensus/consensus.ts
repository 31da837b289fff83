/**
 * The judge from agreement: is the step one that the question's own trajectories agree on? An answer is good when it is the
 * plurality's, a call when its result is new and stands on the way of those that give that answer. It knows no reference;
 * where nothing agrees a step is unscored, never bad. Self-consistency (arXiv 2203.11171) and majority-vote rewards (TTRL,
 * 2504.16084), a step at a time.
 */
import {
  contentHash,
  type Judge,
  type JudgeContext,
  type JudgeInput,
  type JudgeVerdict,
  type Sibling,
} from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { noiseOption, withNoise } from "../noise.ts"
import { type Agreement, agreementOf } from "./agreement.ts"
import { type Keys, keysOf } from "./keys.ts"

/** Goes up with every change of rule that changes a verdict; part of the judge's identity. */
const RULES = 1

const OptionsSchema = z.strictObject({
  /** Votes that the most frequent answer needs. One would agree with itself. */
  agree: z.int().min(2).default(3),
  noise: noiseOption,
})

export interface ConsensusOptions extends z.input<typeof OptionsSchema> {
  /** Full name of the benchmark, e.g. `bench-gsm8k/gsm8k`: part of the identity. */
  benchmark: string
  /** Only the noise uses it. */
  seed: number
}

/** `context`: how the benchmark compares answers, and its tools results. */
export function consensus(
  { benchmark, seed, ...options }: ConsensusOptions,
  context: Pick<JudgeContext, "tools" | "answers"> = {},
): Judge {
  const { agree, noise } = readOptions("judge consensus", OptionsSchema, options)
  const keys = keysOf(context)
  const own = (context.tools ?? []).flatMap(({ identity, resultKeys }) => (resultKeys ? [identity] : [])).sort()
  const compared = [context.answers?.identity ?? null, ...own]
  // One set serves all steps of a question, so what it agrees on is found once.
  const known = new WeakMap<readonly Sibling[], Agreement | string>()
  const agreed = (siblings: readonly Sibling[]): Agreement | string => {
    const found = known.get(siblings) ?? agreementOf(siblings, agree, keys)
    known.set(siblings, found)
    return found
  }
  const judge: Judge = {
    identity: `judges/consensus/${RULES} ${benchmark} agree=${agree} same=${contentHash(compared, 8)}`,
    judge: (input) => verdictOf(input, agreed(input.siblings ?? []), keys),
  }
  return noise === 0 ? judge : withNoise(judge, noise, seed)
}

function verdictOf(input: JudgeInput, agreement: Agreement | string, keys: Keys): JudgeVerdict {
  const { action, result } = input.action
  if (action.kind === "malformed") return bad(`the action cannot be read: ${action.reason}`)
  if (typeof agreement === "string") return unscored(agreement)
  if (action.kind === "answer") return answerVerdict(action.answer, input, agreement, keys)
  if (!result) return unscored(`what "${action.tool}" gives for a call that was not made is not known`)
  if (result.isError) return bad("the call failed")
  if (result.nothingFound) return bad("the call found nothing")
  const before = new Set(
    input.conversation.flatMap(({ action: earlier, observation }) =>
      earlier.kind === "tool" && observation && !observation.isError && !observation.nothingFound
        ? keys.ofResult(earlier.tool, observation.text)
        : [],
    ),
  )
  const fresh = keys.ofResult(action.tool, result.text).filter((key) => !before.has(key))
  if (fresh.length === 0) return bad("its result says nothing new")
  return fresh.some((key) => agreement.results.has(key))
    ? good(`its result is new, and on the way to the answer ${votes(agreement)}`)
    : bad(`its result is on no way to the answer ${votes(agreement)}`)
}

function answerVerdict(answer: string, { conversation }: JudgeInput, agreement: Agreement, keys: Keys): JudgeVerdict {
  if (keys.ofAnswer(answer) !== agreement.answer) return bad(`it is not the answer ${votes(agreement)}`)
  const isComputed = conversation.some(
    ({ action, observation }) =>
      action.kind === "tool" && observation?.isError === false && keys.ofAnswer(observation.text) === agreement.answer,
  )
  return agreement.computed && !isComputed
    ? bad(`it is the answer ${votes(agreement)}, but no call has returned it, as theirs did`)
    : good(`it is the answer ${votes(agreement)}`)
}

const votes = ({ votes, of }: Agreement): string => `of ${votes} of ${of} trajectories`

const good = (reason: string): JudgeVerdict => ({ verdict: "good", reason })
const bad = (reason: string): JudgeVerdict => ({ verdict: "bad", reason })
const unscored = (reason: string): JudgeVerdict => ({ verdict: "unscored", reason })
