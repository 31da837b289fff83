/** Small conversations and trajectories, as judges and filters are shown them. */
import {
  type Action,
  type JudgeInput,
  judgeInput,
  type Sibling,
  type Step,
  siblingSet,
  type Trajectory,
  userMessage,
  type VerdictRecord,
} from "@swirl-ts/core"

const call = (tool: string, query: string, input: unknown = { query }): Action => ({ kind: "tool", tool, input, query })

function stepOf(index: number, action: Action, observation?: string): Step {
  const { kind } = action
  return {
    index,
    kind,
    text: kind === "tool" ? action.query : kind === "answer" ? action.answer : action.reason,
    call: kind === "tool" ? { tool: action.tool, input: action.input, query: action.query } : undefined,
    answer: kind === "answer" ? action.answer : undefined,
    malformed: kind === "malformed" ? action.reason : undefined,
    observation:
      observation === undefined ? undefined : { text: observation, isError: observation.startsWith("error") },
    finishReason: "stop",
  }
}

/** Steps as `[action, observation]`; the trajectory is answered where the last is an answer. */
export function trajectoryOf(id: string, question: string, steps: readonly (readonly [Action, string?])[]): Trajectory {
  const last = steps.at(-1)?.[0]
  return {
    schema: "swirl.trajectory/1",
    id,
    taskId: `test/${id}`,
    benchmark: "checked/checked",
    split: "test",
    epoch: 0,
    seed: 1,
    policy: "checked",
    actionFormat: "tags",
    question,
    prompt: [userMessage(`Question: ${question}`)],
    steps: steps.map(([action, observation], index) => stepOf(index, action, observation)),
    answer: last?.kind === "answer" ? last.answer : undefined,
    status: last?.kind === "answer" ? "answered" : "step-limit",
    usage: { inputTokens: 10, outputTokens: 5 },
  }
}

const question = "Mira has 12 apples and buys 5 more. How many has she now?"

/** A few that differ in what they do: good work, errors, malformed turns, no step at all. */
export const sampleTrajectories: readonly Trajectory[] = [
  trajectoryOf("right", question, [
    [call("calculator", "12 + 5", { expression: "12 + 5" }), "17.0"],
    [{ kind: "answer", answer: "17" }],
  ]),
  trajectoryOf("searched", "Where was Mira born?", [
    [call("search", "Mira born"), "Mira: Mira was born in Oslo."],
    [{ kind: "answer", answer: "Oslo" }],
  ]),
  trajectoryOf("stumbled", question, [
    [{ kind: "malformed", reason: "neither a call nor an answer" }, "error: neither a call nor an answer"],
    [call("calculator", "12 +", { expression: "12 +" }), "error: the expression ends too early"],
    [call("checked_tool", "12", { value: 12, unit: "apples" }), "12 apples"],
    [{ kind: "answer", answer: "12" }],
  ]),
  trajectoryOf("unanswered", question, [[call("calculator", "12 * 5", { expression: "12 * 5" }), "60.0"]]),
  trajectoryOf("empty", question, []),
]

/** Every step of every sample, as a judge of steps is shown it. */
export const sampleInputs: readonly JudgeInput[] = sampleTrajectories.flatMap((trajectory) =>
  trajectory.steps.map((_, index) => judgeInput(trajectory, index)),
)

/** An answer and a query of that text, after one call. */
export function inputsWith(text: string): JudgeInput[] {
  const actions: Action[] = [
    { kind: "answer", answer: text },
    call("search", text),
    { kind: "malformed", reason: text },
  ]
  return actions.map((action) => {
    const trajectory = trajectoryOf("text", text, [[call("search", "Mira"), text], [action]])
    return judgeInput(trajectory, 1)
  })
}

export const verdictOf = (trajectory: Trajectory, step: number, verdict: VerdictRecord["verdict"]): VerdictRecord => ({
  schema: "swirl.verdict/1",
  id: `${trajectory.id}-${step}`,
  trajectoryId: trajectory.id,
  step,
  judge: "checked",
  verdict,
  reason: `it is ${verdict}`,
})

/** What the trajectories on record for a question say: several of the first sample, one that says something else, one without an answer. */
const sampleSiblings: readonly Sibling[] = siblingSet([
  ...sampleTrajectories.filter(({ id }) => id === "right" || id === "stumbled" || id === "unanswered"),
  ...[1, 2].map(() => sampleTrajectories[0]!),
]).siblings

/** The input as a judge that asks for siblings is shown it: with them, and with what a call gives. */
export const amongSiblings = (input: JudgeInput): JudgeInput => ({
  ...input,
  action: {
    ...(input.action.action.kind === "tool" ? { result: { text: "17.0", isError: false } } : {}),
    ...input.action,
  },
  siblings: input.siblings ?? sampleSiblings,
})
