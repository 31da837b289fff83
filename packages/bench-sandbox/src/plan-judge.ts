/**
 * The oracle judge `plan`: it knows the task's graph. A call is good when it makes a planned call that is open; an answer
 * when every call has been made and it is right. It is an upper bound and a yardstick for judges that see no reference.
 */
import {
  type Action,
  contentHash,
  type JudgeInput,
  type JudgeVerdict,
  type OracleFactory,
  type OracleJudge,
  random,
  SwirlError,
  seedFrom,
  type Task,
} from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { doneCalls, makes, nextCall, openCall } from "./progress.ts"
import { isRight } from "./score.ts"
import type { SandboxTask } from "./task.ts"

export function planVerdict(task: SandboxTask, conversation: readonly Action[], action: Action): JudgeVerdict {
  if (action.kind === "malformed") return bad(`malformed: ${action.reason}`)
  const done = doneCalls(task.plan, conversation)
  const next = nextCall(task, done)
  if (action.kind === "answer") {
    if (next) return bad(`answered with ${done.size} of ${task.plan.length} needed calls made`)
    return isRight(task.answer, action.answer) ? good("the right answer") : bad(`the answer is ${task.answer}`)
  }
  const index = openCall(task.plan, done, action)
  if (index >= 0) return good(`makes needed call ${index + 1} of ${task.plan.length}`)
  const planned = task.plan.findIndex((call) => makes(action, call))
  if (planned < 0) return bad("the question does not need this call")
  return bad(done.has(planned) ? "this call was made before" : "this call needs a result that is not there yet")
}

const good = (reason: string): JudgeVerdict => ({ verdict: "good", reason })
const bad = (reason: string): JudgeVerdict => ({ verdict: "bad", reason })

const OptionsSchema = z.strictObject({ noise: z.number().min(0).max(1).default(0), seed: z.int().default(0) })

/** `noise`: share of verdicts that are turned around, to study what a worse judge does. Throws a SwirlError for bad options. */
export function planJudge(options: z.input<typeof OptionsSchema> = {}): OracleJudge {
  const { noise, seed } = readOptions("judge plan", OptionsSchema, options)
  return {
    identity: noise === 0 ? "plan" : `plan noise=${noise} seed=${seed}`,
    judge: (input, task) => {
      const actions = input.conversation.map((step) => step.action)
      const verdict = planVerdict(asSandboxTask(task), actions, input.action.action)
      return noise > 0 && draw(seed, task, input) < noise ? turned(verdict) : verdict
    },
  }
}

const draw = (seed: number, task: Task, { conversation, action }: JudgeInput): number =>
  random(
    seedFrom("sandbox", "noise", seed, task.id, contentHash([conversation.map((step) => step.text), action.text])),
  ).next()

const turned = (verdict: JudgeVerdict): JudgeVerdict => ({
  verdict: verdict.verdict === "good" ? "bad" : "good",
  reason: `turned around on purpose; was ${verdict.verdict}: ${verdict.reason}`,
})

function asSandboxTask(task: Task): SandboxTask {
  if (!Array.isArray((task as Partial<SandboxTask>).plan)) {
    throw new SwirlError(
      `The judge plan knows sandbox tasks only; task ${task.id} has no plan. Use another judge here.`,
    )
  }
  return task as SandboxTask
}

export const planFactory: OracleFactory = {
  description: "Exact step judge of the sandbox: knows which calls a question needs (oracle; option noise: 0 to 1).",
  create: ({ benchmark: _any, ...options }) => planJudge(options),
}
