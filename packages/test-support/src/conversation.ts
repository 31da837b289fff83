/** Conversations for tests, written the short way: `"12 + 5"` is a calculation, `"?mira born"` a search, `"=17"` an answer. */
import { type Action, type JudgeInput, type Trajectory, userMessage } from "@swirl-ts/core"

export function action(written: string): Action {
  if (written.startsWith("=")) return { kind: "answer", answer: written.slice(1) }
  if (written.startsWith("!")) return { kind: "malformed", reason: written.slice(1) }
  if (written.startsWith("?")) {
    const query = written.slice(1)
    return { kind: "tool", tool: "search", input: { query }, query }
  }
  return { kind: "tool", tool: "calculator", input: { expression: written }, query: written }
}

/** Earlier steps as `[action, observation]`. */
export function input(prompt: string, earlier: readonly (readonly [string, string])[], last: string): JudgeInput {
  return {
    prompt: [userMessage(prompt)],
    conversation: earlier.map(([written, text]) => ({
      text: written,
      action: action(written),
      observation: { text, isError: text.startsWith("error") },
    })),
    action: { text: last, action: action(last) },
  }
}

export function trajectory(id: string, prompt: string, steps: readonly (readonly [string, string?])[]): Trajectory {
  return {
    schema: "swirl.trajectory/1",
    id,
    taskId: `test/${id}`,
    benchmark: "bench-sandbox/calc",
    split: "test",
    epoch: 0,
    seed: 1,
    policy: "script",
    actionFormat: "tags",
    question: prompt,
    prompt: [userMessage(prompt)],
    steps: steps.map(([written, text], index) => {
      const act = action(written)
      return {
        index,
        kind: act.kind,
        text: written,
        ...(act.kind === "tool" ? { call: { tool: act.tool, input: act.input, query: act.query } } : {}),
        ...(act.kind === "answer" ? { answer: act.answer } : {}),
        ...(act.kind === "malformed" ? { malformed: act.reason } : {}),
        ...(text === undefined ? {} : { observation: { text, isError: text.startsWith("error") } }),
        finishReason: "stop" as const,
      }
    }),
    status: "answered",
    usage: { inputTokens: 1, outputTokens: 1 },
  }
}
