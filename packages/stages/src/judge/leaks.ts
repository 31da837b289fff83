/**
 * The judge contract, as a check anyone can run on their own judge: what a judge must not see is changed, and verdicts
 * must stay byte-equal. Also reads of fields that are no part of the input are caught, whether or not they change anything.
 */
import { type Judge, type JudgeInput, judgeInput, type Trajectory } from "@swirl-ts/core"
import { judgeTrajectory } from "./judge-all.ts"

/** What a judge was seen to depend on beyond its input, in words; empty when it keeps the contract. */
export async function findJudgeLeaks(judge: Judge, trajectories: Iterable<Trajectory>): Promise<string[]> {
  const leaks = new Set<string>()
  for (const trajectory of trajectories) {
    const verdicts = await judgeTrajectory(trajectory, judge)
    for (const [what, twin] of twins(trajectory)) {
      const other = await judgeTrajectory(twin, judge)
      for (const [step, verdict] of verdicts.entries()) {
        if (text(verdict) !== text(other[step]!)) leaks.add(`verdicts change with ${what}`)
      }
    }
    for (const [step, verdict] of verdicts.entries()) {
      // What follows the judged step: the trajectory is cut after it, and what follows is replaced.
      const cut: Trajectory = { ...trajectory, steps: trajectory.steps.slice(0, step + 1) }
      const alone = (await judgeTrajectory(cut, judge))[step]!
      if (text(verdict) !== text(alone)) leaks.add("verdicts change with later steps")
      const input = judgeInput(trajectory, step)
      const plain = text(await judge.judge(input))
      for (const secret of ["one", "two"]) {
        const loaded = { ...input, ...secrets(secret), action: { ...input.action, ...secrets(secret) } }
        if (text(await judge.judge(loaded)) !== plain) leaks.add("verdicts change with extra fields of the input")
      }
      await judge.judge(watched(input, (field) => leaks.add(`reads input.${field}`)))
    }
  }
  return [...leaks]
}

const secrets = (salt: string): Record<string, unknown> => ({
  task: { id: salt, question: salt, answer: salt, plan: [salt] },
  plan: [salt],
  reference: salt,
  answer: salt,
  gold: salt,
  trajectory: { answer: salt },
  observation: { text: salt, isError: false },
})

function* twins(trajectory: Trajectory): Generator<[string, Trajectory]> {
  yield [
    "ids, seeds and policy",
    { ...trajectory, taskId: "other/1", epoch: 9, seed: 99, policy: "other", split: "other" },
  ]
  yield ["the final answer and status", { ...trajectory, answer: "other", status: "step-limit", question: "other ?" }]
  yield ["extra fields of the record", { ...trajectory, ...secrets("two"), answer: trajectory.answer } as Trajectory]
  const { usage, ...rest } = trajectory
  yield ["usage", { ...rest, usage: { inputTokens: usage.inputTokens + 1, outputTokens: usage.outputTokens + 1 } }]
  const steps = trajectory.steps.map((step, index) => ({
    ...step,
    tokenIds: [index, 7],
    logProbabilities: [-1, -2],
    contextTokenIds: [1],
    ...(step.kind === "answer" ? {} : { plan: "other" }),
  }))
  yield ["token ids, log-probabilities and extra fields of steps", { ...trajectory, steps }]
  const last = trajectory.steps.at(-1)
  if (last?.observation) {
    const seen = { ...last, observation: { text: "something else", isError: true } }
    yield ["the observation of the judged step", { ...trajectory, steps: [...trajectory.steps.slice(0, -1), seen] }]
  }
}

const fields = new Set(["prompt", "conversation", "action"])

function watched(input: JudgeInput, leak: (field: string) => void): JudgeInput {
  return new Proxy(input, {
    get: (target, field, receiver) => {
      if (typeof field === "string" && !fields.has(field)) leak(field)
      return Reflect.get(target, field, receiver)
    },
    has: (target, field) => {
      if (typeof field === "string" && !fields.has(field)) leak(field)
      return Reflect.has(target, field)
    },
  })
}

function text({ verdict, score, reason }: { verdict: string; score?: number; reason: string }): string {
  return JSON.stringify([verdict, score, reason])
}
