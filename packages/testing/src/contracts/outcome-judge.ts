/** The contract of judges of answers: good where answer and reference say the same, and unscored where nobody can say. */
import type { OutcomeInput, OutcomeJudgeFactory } from "@swirl-ts/core"
import { at, type Behaviours, type Check, checksOf, fail } from "../checks/check.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { assertUnchanged } from "../checks/unchanged.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"
import { assertVerdict, decisionOf, type MakingOptions, madeJudge, makingBehaviours, makingOptions } from "./verdict.ts"

export interface OutcomeJudgeChecks extends MakingOptions {
  /** Answers that say the same as their reference. */
  same?: readonly OutcomeInput[]
  /** Answers that do not. */
  different?: readonly OutcomeInput[]
}

/** Tests a judge of final answers. */
export function testOutcomeJudge(judge: OutcomeJudgeFactory, options: OutcomeJudgeChecks & TestOptions = {}): void {
  register(`outcome judge ${options.name ?? defaultName}`, outcomeJudgeChecks(judge, options), options)
}

const defaultName = "outcome judge"
const question = "Who wrote Hedda Gabler?"
const equal: readonly OutcomeInput[] = [
  { question, reference: "Henrik Ibsen", answer: "Henrik Ibsen" },
  { question: "What is 12 + 5?", reference: "17", answer: "17" },
]

/** The checks of `testOutcomeJudge`. */
export function outcomeJudgeChecks(factory: OutcomeJudgeFactory, options: OutcomeJudgeChecks = {}): Check[] {
  const { name = defaultName, same = [], different = [] } = options
  const subject = `The outcome judge ${name}`
  assertOptions(subject, options, { ...makingOptions, same: true, different: true })
  const making = { says: "YES", ...options }
  const create = () => madeJudge(factory, making)
  const decides = async (inputs: readonly OutcomeInput[], wanted: "good" | "bad"): Promise<void> => {
    const judge = await create()
    for (const input of inputs) {
      const { verdict, reason } = await judge.judge({ ...input })
      if (verdict !== wanted) {
        fail(
          `it calls the answer ${shown(input.answer)} to the reference ${shown(input.reference)} ${verdict} (${reason}), expected ${wanted}.`,
        )
      }
    }
  }
  const behaviours: Behaviours = {
    "is an outcome judge that can be loaded": () => assertShape("outcomeJudges", subject, options.name, factory),
    "calls the reference itself good": () => decides(equal, "good"),
    "never calls an empty answer good": async () => {
      const { verdict } = await (await create()).judge({ question, reference: "Henrik Ibsen", answer: "" })
      if (verdict === "good") fail("it calls an empty answer good.")
    },
    ...(same.length > 0 ? { "calls good what says the same": () => decides(same, "good") } : {}),
    ...(different.length > 0 ? { "calls bad what says something else": () => decides(different, "bad") } : {}),
    "gives a verdict with a reason, whatever is answered": async () => {
      const judge = await create()
      for (const [what, answer] of hostileAndHuge) {
        const asked = { question, reference: "Henrik Ibsen", answer }
        assertVerdict(await at(what, () => judge.judge(asked)), what)
      }
    },
    "gives the same verdict on the same answer": async () => {
      const [first, second] = [await create(), await create()]
      for (const input of [...equal, ...same, ...different]) {
        const judged = [first, first, second].map((judge) => judge.judge({ ...input }))
        const verdicts = await Promise.all(judged)
        const texts = new Set(verdicts.map(decisionOf))
        if (texts.size > 1) fail(`its verdicts on ${shown(input.answer)} are ${[...texts].join(" and ")}.`)
      }
    },
    "leaves what it is shown as it is": async () => {
      const judge = await create()
      for (const input of [...equal, ...same, ...different]) {
        await assertUnchanged("what it is shown", { ...input }, (shownInput) => judge.judge(shownInput))
      }
    },
    ...makingBehaviours(factory, making, (judge) => judge.judge({ ...equal[0]! })),
  }
  return checksOf(subject, behaviours, options)
}
