/**
 * The judge contract, as a check anyone can run on their own judge: what a judge must not see is changed, and verdicts
 * must stay byte-equal. Also reads of fields that are no part of the input are caught, whether or not they change anything.
 */
import { type Judge, type JudgeInput, judgeInput, type Sibling, type Trajectory } from "@swirl-ts/core"
import { judgeTrajectory, type TaskJudge } from "./judge-all.ts"
import { siblingSets } from "./siblings.ts"

/**
 * What a judge was seen to depend on beyond its input, in words; empty when it keeps the contract. A judge that asks for
 * siblings gets those among the trajectories.
 */
export async function findJudgeLeaks(
  judge: Judge,
  trajectories: Iterable<Trajectory>,
  { needsSiblings = false }: { needsSiblings?: boolean } = {},
): Promise<string[]> {
  const leaks = new Set<string>()
  const all = [...trajectories]
  const sets = siblingSets(all)
  for (const trajectory of all) {
    const set = needsSiblings ? sets.of(trajectory) : undefined
    const by: TaskJudge = set ? among(judge, set.siblings, set.digest) : judge
    const verdicts = await judgeTrajectory(trajectory, by)
    for (const [what, twin] of twins(trajectory)) {
      if (set && what === judgedObservation) continue
      const other = await judgeTrajectory(twin, by)
      for (const [step, verdict] of verdicts.entries()) {
        if (text(verdict) !== text(other[step]!)) leaks.add(`verdicts change with ${what}`)
      }
    }
    for (const [what, siblings] of set ? siblingTwins(set.siblings) : []) {
      const other = await judgeTrajectory(trajectory, among(judge, siblings, set!.digest))
      for (const [step, verdict] of verdicts.entries()) {
        if (text(verdict) !== text(other[step]!)) leaks.add(`verdicts change with ${what}`)
      }
    }
    for (const [step, verdict] of verdicts.entries()) {
      // What follows the judged step: the trajectory is cut after it, and what follows is replaced.
      const cut: Trajectory = { ...trajectory, steps: trajectory.steps.slice(0, step + 1) }
      const alone = (await judgeTrajectory(cut, by))[step]!
      if (text(verdict) !== text(alone)) leaks.add("verdicts change with later steps")
      const input: JudgeInput = { ...judgeInput(trajectory, step), ...(set ? { siblings: set.siblings } : {}) }
      const result = set && trajectory.steps[step]!.observation
      if (result) input.action = { ...input.action, result }
      const plain = text(await judge.judge(input))
      for (const secret of ["one", "two"]) {
        const loaded = { ...input, ...secrets(secret), action: { ...input.action, ...secrets(secret) } }
        if (text(await judge.judge(loaded)) !== plain) leaks.add("verdicts change with extra fields of the input")
      }
      const siblings = input.siblings?.map((sibling) =>
        watched(sibling, siblingFields, (field) => leaks.add(`reads siblings.${field}`)),
      )
      const seen = siblings ? { ...input, siblings } : input
      await judge.judge(watched(seen, fields(needsSiblings), (field) => leaks.add(`reads input.${field}`)))
    }
  }
  return [...leaks]
}

const among = (judge: Judge, siblings: readonly Sibling[], digest: string): TaskJudge => ({
  identity: judge.identity,
  siblings: digest,
  judge: (input, options) => judge.judge({ ...input, siblings }, options),
})

const secrets = (salt: string): Record<string, unknown> => ({
  task: { id: salt, question: salt, answer: salt, plan: [salt] },
  plan: [salt],
  reference: salt,
  answer: salt,
  gold: salt,
  trajectory: { answer: salt },
  observation: { text: salt, isError: false },
})

const judgedObservation = "the observation of the judged step"

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
    yield [judgedObservation, { ...trajectory, steps: [...trajectory.steps.slice(0, -1), seen] }]
  }
}

function* siblingTwins(siblings: readonly Sibling[]): Generator<[string, readonly Sibling[]]> {
  yield ["the order of the siblings", siblings.toReversed()]
  for (const secret of ["one", "two"]) {
    const hidden = { reference: secret, gold: secret, metrics: { accuracy: secret === "one" ? 1 : 0 }, id: secret }
    yield ["extra fields of the siblings", siblings.map((sibling) => ({ ...sibling, ...hidden }))]
  }
}

const fields = (needsSiblings: boolean): ReadonlySet<string> =>
  new Set(["prompt", "conversation", "action", ...(needsSiblings ? ["siblings"] : [])])
const siblingFields: ReadonlySet<string> = new Set(["answer", "results"])

function watched<T extends object>(value: T, fields: ReadonlySet<string>, leak: (field: string) => void): T {
  return new Proxy(value, {
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
