/** The contract of oracle judges: as judges of steps, and they know the task. */
import type { JudgeInput, JudgeVerdict, OracleFactory, Task } from "@swirl-ts/core"
import { at, type Behaviours, type Check, checksOf, fail } from "../checks/check.ts"
import { assertOptions } from "../checks/options.ts"
import { register, type TestOptions } from "../checks/runner.ts"
import { assertShape } from "../checks/shape.ts"
import { assertUnchanged } from "../checks/unchanged.ts"
import { inputsWith, sampleInputs } from "../data/conversations.ts"
import { hostileAndHuge } from "../data/hostile.ts"
import { shown } from "../data/shown.ts"
import { assertVerdict, decisionOf, type MakingOptions, madeJudge, makingBehaviours, makingOptions } from "./verdict.ts"

export interface OracleChecks extends MakingOptions {
  /** Tasks that it knows, of its own benchmark. Default: a task with question and answer. */
  tasks?: readonly Task[] | (() => Promise<readonly Task[]>)
  /** Actions whose verdict is known. */
  cases?: readonly { input: JudgeInput; task: Task; verdict: JudgeVerdict["verdict"] }[]
}

/** Tests an oracle judge. */
export function testOracle(oracle: OracleFactory, options: OracleChecks & TestOptions = {}): void {
  register(`oracle ${options.name ?? defaultName}`, oracleChecks(oracle, options), options)
}

const defaultName = "oracle"
const plainTask: Task = { id: "test/0", question: "Mira has 12 apples and buys 5 more. How many?", answer: "17" }

/** The checks of `testOracle`. */
export function oracleChecks(factory: OracleFactory, options: OracleChecks = {}): Check[] {
  const { name = defaultName, tasks = [plainTask], cases = [] } = options
  const subject = `The oracle ${name}`
  assertOptions(subject, options, { ...makingOptions, tasks: true, cases: true })
  const create = () => madeJudge(factory, options)
  /** Copies each time: what one check does to them is no other's. */
  const inputs = (): JudgeInput[] => structuredClone([...sampleInputs])
  const known = async (): Promise<Task[]> => (typeof tasks === "function" ? await tasks() : tasks).slice(0, 3)
  const behaviours: Behaviours = {
    "is an oracle that can be loaded": () => assertShape("oracles", subject, options.name, factory),
    ...(cases.length > 0
      ? {
          "gives the verdicts that are known": async () => {
            const judge = await create()
            for (const { input, task, verdict: wanted } of cases) {
              const { verdict, reason } = await judge.judge(input, task)
              if (verdict === wanted) continue
              fail(`it calls ${shown(input.action.text)} ${verdict} (${reason}), expected ${wanted}.`)
            }
          },
        }
      : {}),
    "gives a verdict with a reason, whatever it is shown": async () => {
      const judge = await create()
      for (const task of await known()) {
        for (const input of inputs()) assertVerdict(await judge.judge(input, task), shown(input.action.text))
        for (const [what, text] of hostileAndHuge) {
          for (const input of inputsWith(text)) assertVerdict(await at(what, () => judge.judge(input, task)), what)
        }
      }
    },
    "gives the same verdict on the same action": async () => {
      const [first, second] = [await create(), await create()]
      for (const task of await known()) {
        for (const input of inputs()) {
          const verdicts = [await first.judge(input, task), await second.judge(input, task)]
          const texts = new Set(verdicts.map(decisionOf))
          if (texts.size > 1) fail(`its verdicts on ${shown(input.action.text)} are ${[...texts].join(" and ")}.`)
        }
      }
    },
    "leaves what it is shown as it is": async () => {
      const judge = await create()
      for (const task of await known()) {
        for (const input of inputs()) {
          const before = JSON.stringify(task)
          await assertUnchanged("what it is shown", input, (shownInput) => judge.judge(shownInput, task))
          if (JSON.stringify(task) !== before) fail(`it changes the task ${task.id}. Copy what you change.`)
        }
      }
    },
    ...makingBehaviours(factory, options, async (judge) => judge.judge(inputs()[0]!, (await known())[0]!)),
  }
  return checksOf(subject, behaviours, options)
}
