/** The contract of judges of steps: they see prompt, conversation and action alone, and what they cannot judge is unscored. */
import type { JudgeFactory, JudgeInput } from "@swirl-ts/core"
import { at, type Behaviours, type Check, checksOf, fail } from "../checks/check.ts"
import { endsAborted, grace } from "../checks/ends.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { assertUnchanged } from "../checks/unchanged.ts"
import { amongSiblings, inputsWith, sampleInputs } from "../data/conversations.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"
import { assertVerdict, decisionOf, type MakingOptions, madeJudge, makingBehaviours, makingOptions } from "./verdict.ts"

export interface JudgeChecks extends MakingOptions {
  /** Actions that it has to call good. */
  good?: readonly JudgeInput[]
  /** Actions that it has to call bad. */
  bad?: readonly JudgeInput[]
}

/** Tests a judge of steps. */
export function testJudge(judge: JudgeFactory, options: JudgeChecks & TestOptions = {}): void {
  register(`judge ${options.name ?? defaultName}`, judgeChecks(judge, options), options)
}

const defaultName = "judge"

/** The checks of `testJudge`. */
export function judgeChecks(factory: JudgeFactory, options: JudgeChecks = {}): Check[] {
  const { name = defaultName, good = [], bad = [] } = options
  const subject = `The judge ${name}`
  assertOptions(subject, options, { ...makingOptions, good: true, bad: true })
  /** Copies each time: what one check does to them is no other's. */
  const needsSiblings = factory.needs?.includes("siblings") ?? false
  const asShown = (inputs: readonly JudgeInput[]): JudgeInput[] =>
    structuredClone(needsSiblings ? inputs.map((input) => amongSiblings(input)) : [...inputs])
  const seen = (): JudgeInput[] => asShown([...sampleInputs, ...good, ...bad])
  const create = () => madeJudge(factory, options)
  const decides = async (inputs: readonly JudgeInput[], wanted: "good" | "bad"): Promise<void> => {
    const judge = await create()
    for (const input of asShown(inputs)) {
      const { verdict, reason } = await judge.judge(input)
      if (verdict !== wanted) fail(`it calls ${shown(input.action.text)} ${verdict} (${reason}), expected ${wanted}.`)
    }
  }
  const behaviours: Behaviours = {
    "is a judge that can be loaded": () => assertShape("judges", subject, options.name, factory),
    ...(good.length > 0 ? { "calls good what is good": () => decides(good, "good") } : {}),
    ...(bad.length > 0 ? { "calls bad what is bad": () => decides(bad, "bad") } : {}),
    "gives a verdict with a reason, whatever it is shown": async () => {
      const judge = await create()
      for (const input of seen()) assertVerdict(await judge.judge(input), shown(input.action.text))
      for (const [what, text] of hostileAndHuge) {
        for (const input of asShown(inputsWith(text))) assertVerdict(await at(what, () => judge.judge(input)), what)
      }
    },
    "sees nothing that is hidden from it": async () => {
      for (const input of seen()) {
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
    "knows its siblings by what they say alone": async () => {
      if (!needsSiblings) return { skipped: "it asks for no siblings" }
      for (const input of seen()) {
        const { siblings = [] } = input
        const hidden = {
          id: "one",
          policy: "two",
          reference: "17",
          gold: "17",
          metrics: { accuracy: 1 },
          outcome: true,
        }
        const views = [siblings, siblings.toReversed(), siblings.map((sibling) => ({ ...hidden, ...sibling }))]
        const decisions: string[] = []
        for (const view of views) decisions.push(decisionOf(await (await create()).judge({ ...input, siblings: view })))
        if (new Set(decisions).size === 1) continue
        fail(
          `its verdict on ${shown(input.action.text)} follows the order of the siblings, or what they have beside answer and results: ${[...new Set(decisions)].join(" and ")}. A set has no order.`,
        )
      }
    },
    "leaves unscored what it has no siblings for": async () => {
      if (!needsSiblings) return { skipped: "it asks for no siblings" }
      for (const input of seen()) {
        if (input.action.action.kind === "malformed") continue
        const { verdict, reason } = await (await create()).judge({ ...input, siblings: [] })
        if (verdict !== "unscored")
          fail(`of a question without trajectories it calls ${shown(input.action.text)} ${verdict} (${reason}).`)
      }
    },
    "gives the same verdict on the same action": async () => {
      const [first, second] = [await create(), await create()]
      for (const input of seen()) {
        const verdicts = [await first.judge(input), await first.judge(input), await second.judge(input)]
        const texts = new Set(verdicts.map(decisionOf))
        if (texts.size === 1) continue
        fail(
          `its verdicts on ${shown(input.action.text)} are ${[...texts].join(" and ")}. Draw from \`seed\`, remember nothing.`,
        )
      }
    },
    "leaves what it is shown as it is": async () => {
      const judge = await create()
      for (const input of seen())
        await assertUnchanged("what it is shown", input, (shownInput) => judge.judge(shownInput))
    },
    "ends when its signal is aborted": async () => {
      const judge = await create()
      if ((await endsAborted((abortSignal) => judge.judge(seen()[0]!, { abortSignal }))) !== "late") return
      fail(`it goes on for more than ${grace / 1000} s after its signal was aborted. Hand on \`abortSignal\`.`)
    },
    ...makingBehaviours(factory, options, (judge) => judge.judge(seen()[0]!)),
  }
  return checksOf(subject, behaviours, options)
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
  const { prompt, conversation, action, siblings } = structuredClone(input)
  return {
    ...hidden,
    prompt,
    conversation: conversation.map((step) => ({ ...hidden, ...step })),
    action: { ...hidden, ...action },
    ...(siblings ? { siblings: siblings.map((sibling) => ({ ...hidden, ...sibling })) } : {}),
  } as JudgeInput
}
