/** What judges have in common, whatever they judge: how they are made, named, asked by a model, and what they give. */
import {
  errorMessage,
  type JudgeContext,
  type JudgeFactoryOptions,
  type JudgeVerdict,
  type LanguageModel,
} from "@swirl-ts/core"
import { type Behaviours, type CheckOptions, fail } from "../checks/check.ts"
import { checkHost } from "../data/host.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"

/** What every test of a judge may be given. */
export interface MakingOptions extends CheckOptions {
  /** Options that it is made with, beside `benchmark` and `seed`. */
  options?: Readonly<Record<string, unknown>>
  /** Other options that change verdicts: each has to give another identity. */
  otherOptions?: readonly Readonly<Record<string, unknown>>[]
  /** What a judge that asks a model is made with. Default: a model that says what `says` is. */
  context?: JudgeContext
  /** What its model says where the verdict is good. Default: `GOOD` of judges of steps, `YES` of judges of answers. */
  says?: string
}

export const makingOptions = { options: true, otherOptions: true, context: true, says: true } as const

interface Named {
  identity: string
  judge: unknown
}

interface Factory<J> {
  asksModel?: boolean
  create(options: JudgeFactoryOptions, context?: JudgeContext): J | Promise<J>
}

/** Makes the judge, and fails where that is none. */
export async function madeJudge<J extends Named>(
  factory: Factory<J>,
  { options, context, says = "GOOD" }: MakingOptions,
  more: object = {},
): Promise<J> {
  const made: JudgeFactoryOptions = { benchmark: "checked/checked", seed: 7, ...options, ...more }
  const judge = await factory.create(made, context ?? askingContext(says))
  const { identity, judge: judgeStep } = judge ?? {}
  if (typeof identity !== "string" || identity.trim() === "" || typeof judgeStep !== "function") {
    fail(`create gave ${shown(judge)} in place of { identity: text, judge: function }.`)
  }
  return judge
}

/** The behaviours of all judges; `ask` is one verdict on something sound. */
export function makingBehaviours<J extends Named>(
  factory: Factory<J>,
  options: MakingOptions,
  ask: (judge: J) => JudgeVerdict | Promise<JudgeVerdict>,
): Behaviours {
  const asksNone = { skipped: "it asks no model" }
  return {
    "is called the same with the same options, and otherwise with others": async () => {
      const [{ identity }, again] = [await madeJudge(factory, options), await madeJudge(factory, options)]
      if (again.identity !== identity) fail(`made twice alike, it is called ${identity} and then ${again.identity}.`)
      for (const other of options.otherOptions ?? []) {
        if ((await madeJudge(factory, options, other)).identity !== identity) continue
        fail(
          `with ${shown(other)} it is called ${identity}, as without: verdicts of both would mix. \`identity\` has to name every setting that changes verdicts.`,
        )
      }
    },
    "leaves unscored what its model says nothing clear of": async () => {
      if (!factory.asksModel) return asksNone
      for (const [what, text] of hostileAndHuge) {
        const { verdict } = await ask(await madeJudge(factory, { ...options, context: askingContext(text) }))
        if (verdict !== "unscored") fail(`its model said ${what}, and it gave ${verdict} in place of unscored.`)
      }
    },
    "leaves unscored what its model fails at": async () => {
      if (!factory.asksModel) return asksNone
      const judge = await madeJudge(factory, { ...options, context: askingContext(new Error("the model is gone")) })
      // Who asked makes `unscored` of an error.
      const verdict = await (async () => ask(judge))().catch(
        (error: unknown): JudgeVerdict => ({ verdict: "unscored", reason: errorMessage(error) }),
      )
      if (verdict.verdict !== "unscored") fail(`its model failed, and it gave ${verdict.verdict} in place of unscored.`)
    },
  }
}

/** Fails where that is no verdict. */
export function assertVerdict(verdict: JudgeVerdict, of: string): void {
  const { verdict: word, reason, score } = verdict ?? {}
  if (!["good", "bad", "unscored"].includes(word)) {
    fail(
      `its verdict on ${of} is ${shown(verdict)}. It has to be { verdict: "good", "bad" or "unscored", reason: text }.`,
    )
  }
  if (typeof reason !== "string" || reason.trim() === "") fail(`its verdict on ${of} has no reason.`)
  if (score === undefined) return
  if (word === "unscored") fail(`its verdict on ${of} is unscored and has the score ${score}; unscored has none.`)
  if (!Number.isFinite(score) || score < 0 || score > 1) fail(`its score of ${of} is ${score}, not a number in [0, 1].`)
}

/** A verdict without what it cost: a judge may remember what its model said. */
export const decisionOf = ({ usage: _, ...decision }: JudgeVerdict): string => JSON.stringify(decision)

/** What a judge is made with where its model says so, or fails so. */
function askingContext(reply: string | Error): JudgeContext {
  return {
    host: { ...checkHost(), environment: { SWIRL_JUDGE_MODEL: "checked" } },
    openModel: async () => ({ model: modelThatSays(reply), identity: "a model that always says the same" }),
  }
}

const modelThatSays = (reply: string | Error): LanguageModel => ({
  specificationVersion: "v3",
  provider: "checked",
  modelId: "checked",
  async doGenerate({ abortSignal }) {
    abortSignal?.throwIfAborted()
    if (reply instanceof Error) throw reply
    return {
      content: [{ type: "text", text: reply }],
      finishReason: { unified: "stop", raw: "stop" },
      usage: { inputTokens: { total: 10 }, outputTokens: { total: 5 } },
    }
  },
})
