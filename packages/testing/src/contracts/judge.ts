/** The contract of judges of steps: they see prompt, conversation and action alone, and what they cannot judge is unscored. */
import {
  errorMessage,
  type Judge,
  type JudgeContext,
  type JudgeFactory,
  type JudgeFactoryOptions,
  type JudgeInput,
  type JudgeVerdict,
} from "@swirl-ts/core"
import { type Behaviours, type Check, type CheckOptions, checksOf, fail } from "../checks/check.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { inputsWith, sampleInputs } from "../data/conversations.ts"
import { frozen } from "../data/frozen.ts"
import { checkHost } from "../data/host.ts"
import { hostileTexts, hugeText } from "../data/hostile.ts"
import { modelThatSays } from "../data/model.ts"
import { shown } from "../data/shown.ts"
import { assertVerdict } from "./verdict.ts"

export interface JudgeChecks extends CheckOptions {
  /** Options that it is made with, beside `benchmark` and `seed`. */
  options?: Readonly<Record<string, unknown>>
  /** Other options that change verdicts: each has to give another identity. */
  otherOptions?: readonly Readonly<Record<string, unknown>>[]
  /** Actions that it has to call good. */
  good?: readonly JudgeInput[]
  /** Actions that it has to call bad. */
  bad?: readonly JudgeInput[]
  /** What a judge that asks a model is asked with; default: a model that says `says`. */
  context?: JudgeContext
  /** A reply of the model that a judge can read. Default: `GOOD`. */
  says?: string
}

/** Tests a judge of steps. */
export function testJudge(judge: JudgeFactory, options: JudgeChecks & TestOptions = {}): void {
  register(`judge ${options.name ?? defaultName}`, judgeChecks(judge, options), options)
}

const defaultName = "judge"

/** The checks of `testJudge`. */
export function judgeChecks(factory: JudgeFactory, options: JudgeChecks = {}): Check[] {
  const { name = defaultName, good = [], bad = [], says = "GOOD" } = options
  const subject = `The judge ${name}`
  const create = async (more: object = {}, context = options.context ?? askingContext(says)): Promise<Judge> => {
    const made: JudgeFactoryOptions = { benchmark: "checked/checked", seed: 7, ...options.options, ...more }
    const judge: unknown = await factory.create(made, context)
    const { identity, judge: function_ } = (judge ?? {}) as Partial<Judge>
    if (typeof identity !== "string" || identity.trim() === "" || typeof function_ !== "function") {
      fail(`create gave ${shown(judge)} in place of { identity: text, judge: function }.`)
    }
    return judge as Judge
  }
  const decides = async (inputs: readonly JudgeInput[], wanted: "good" | "bad"): Promise<void> => {
    const judge = await create()
    for (const input of inputs) {
      const { verdict, reason } = await judge.judge(input)
      if (verdict !== wanted) fail(`it calls ${shown(input.action.text)} ${verdict} (${reason}), expected ${wanted}.`)
    }
  }
  const seen = [...sampleInputs, ...good, ...bad]

  const behaviours: Behaviours = {
    "is a judge that can be loaded": () => assertShape("judges", subject, options.name ?? "checked", factory),
    ...(good.length > 0 ? { "calls good what is good": () => decides(good, "good") } : {}),
    ...(bad.length > 0 ? { "calls bad what is bad": () => decides(bad, "bad") } : {}),
    "gives a verdict with a reason, whatever it is shown": async () => {
      const judge = await create()
      const texts = [...Object.entries(hostileTexts), ["a huge text", hugeText] as const]
      for (const input of seen) assertVerdict(await judge.judge(input), shown(input.action.text))
      for (const [what, text] of texts) {
        for (const input of inputsWith(text)) assertVerdict(await judge.judge(input), what)
      }
    },
    "sees nothing that is hidden from it": async () => {
      for (const input of seen) {
        const views: string[] = []
        for (const hidden of ["17", "another answer"]) {
          views.push(decisionOf(await (await create()).judge(withHidden(input, hidden))))
        }
        if (views[0] === views[1]) continue
        fail(
          `its verdict on ${shown(input.action.text)} follows what it may not see (a reference answer, the task): ${views.join(" and ")}. Read prompt, conversation and action alone.`,
        )
      }
    },
    "gives the same verdict on the same action": async () => {
      const [first, second] = [await create(), await create()]
      for (const input of seen) {
        const verdicts = [await first.judge(input), await first.judge(input), await second.judge(input)]
        const texts = new Set(verdicts.map(decisionOf))
        if (texts.size === 1) continue
        fail(
          `its verdicts on ${shown(input.action.text)} are ${[...texts].join(" and ")}. Draw from \`seed\`, remember nothing.`,
        )
      }
    },
    "is called the same with the same options and otherwise with others": async () => {
      const identity = (await create()).identity
      const again = (await create()).identity
      if (again !== identity) fail(`made twice with the same options it is called ${identity} and ${again}.`)
      for (const other of options.otherOptions ?? []) {
        if ((await create(other)).identity !== identity) continue
        fail(
          `with ${shown(other)} it is called ${identity}, as without. \`identity\` has to name what changes verdicts.`,
        )
      }
    },
    "leaves what it is shown as it is": async () => {
      const judge = await create()
      for (const input of seen) await judge.judge(frozen(structuredClone(input)))
    },
    "leaves unscored what its model says nothing clear of": async () => {
      if (!factory.asksModel) return { skipped: "it asks no model" }
      for (const [what, text] of Object.entries({ ...hostileTexts, "a huge text": hugeText })) {
        const judge = await create({}, askingContext(text))
        const { verdict } = await judge.judge(sampleInputs[0]!)
        if (verdict !== "unscored") fail(`its model said ${what}, and it gave ${verdict} in place of unscored.`)
      }
    },
    "leaves unscored what its model fails at": async () => {
      if (!factory.asksModel) return { skipped: "it asks no model" }
      const judge = await create({}, askingContext(new Error("the model is gone")))
      const verdict = await Promise.resolve(judge.judge(sampleInputs[0]!)).catch(
        // The command makes `unscored` of it.
        (error: unknown): JudgeVerdict => ({ verdict: "unscored", reason: errorMessage(error) }),
      )
      if (verdict.verdict !== "unscored") fail(`its model failed, and it gave ${verdict.verdict} in place of unscored.`)
    },
  }
  return checksOf(subject, behaviours, options)
}

/** A verdict without what it cost: a judge may remember what its model said. */
const decisionOf = ({ usage: _, ...decision }: JudgeVerdict): string => JSON.stringify(decision)

/** What a judge is made with where its model says so, or fails so. */
function askingContext(reply: string | Error): JudgeContext {
  return {
    host: { ...checkHost(), environment: { SWIRL_JUDGE_MODEL: "checked" } },
    openModel: async () => ({ model: modelThatSays(reply), identity: "a model that always says the same" }),
  }
}

/** The same input with what no judge may read, at every place where one might look. */
function withHidden(input: JudgeInput, secret: string): JudgeInput {
  const hidden = {
    task: { id: secret, question: secret, answer: secret },
    taskId: secret,
    reference: secret,
    answer: secret,
    gold: secret,
    plan: [secret],
    outcome: secret === "17",
  }
  const { prompt, conversation, action } = structuredClone(input)
  return {
    ...hidden,
    prompt,
    conversation: conversation.map((step) => ({ ...hidden, ...step })),
    action: { ...hidden, ...action },
  } as JudgeInput
}
