/** One trajectory as a sample of an Inspect log, and its summary, which the viewer lists. */
import { messageText, type Step } from "@swirl-ts/core"
import { promptCalls, type TurnCall, turnsOf } from "./chat-turns.ts"
import type { ExportItem, StepVerdict } from "./export-item.ts"

type InspectMessage = { role: string; content: unknown; [field: string]: unknown }

export type InspectSample = ReturnType<typeof inspectSample>

export function inspectSample(item: ExportItem) {
  const { trajectory, references, score, license } = item
  const { id, taskId, epoch, policy, question, answer, status, usage, steps, error } = trajectory
  const prompt = trajectory.prompt.flatMap((message, index) => promptMessages(message, `${id}-p${index}`))
  const turns = turnsOf(trajectory).flatMap(({ step, calls }) =>
    stepMessages(step, calls, { id, policy, verdict: item.verdicts[step.index] }),
  )
  const messages = [...prompt, ...turns]
  const last = messages.findLast(({ source }) => source === "generate")
  const total = usage.inputTokens + usage.outputTokens
  const modelUsage = { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens, total_tokens: total }
  return {
    id: taskId,
    epoch: epoch + 1,
    input: question,
    target: references === undefined ? "" : references.length === 1 ? references[0]! : [...references],
    messages,
    output: {
      model: policy,
      choices: last ? [{ message: last, stop_reason: stopReason(steps.at(-1)!) }] : [],
      completion: answer ?? steps.at(-1)?.text ?? "",
      usage: modelUsage,
    },
    scores: Object.fromEntries(
      Object.entries(score?.metrics ?? {}).map(([metric, value]) => [metric, { value, answer, history: [] }]),
    ),
    metadata: {
      trajectory_id: id,
      benchmark: trajectory.benchmark,
      split: trajectory.split,
      seed: trajectory.seed,
      action_format: trajectory.actionFormat,
      status,
      answer: answer ?? null,
      primary_metric: score?.primaryMetric ?? null,
      has_reference: references !== undefined,
      license: license ?? null,
    },
    store: {},
    events: [],
    model_usage: { [policy]: modelUsage },
    role_usage: {},
    uuid: id,
    ...(error === undefined ? {} : { error: { message: error, traceback: "", traceback_ansi: "" } }),
    attachments: {},
    turn_count: steps.length,
  }
}

/** A line of the viewer's list: texts are cut as Inspect cuts them. */
export function inspectSummary({ messages, input, target, metadata, error, ...sample }: InspectSample) {
  const { id, epoch, scores, model_usage, role_usage, uuid, turn_count } = sample
  return {
    id,
    epoch,
    input: shortened(input),
    target: Array.isArray(target) ? target.map(shortened) : shortened(target),
    metadata: { trajectory_id: metadata.trajectory_id, status: metadata.status },
    scores,
    model_usage,
    role_usage,
    uuid,
    ...(error ? { error: shortened(error.message) } : {}),
    completed: true,
    message_count: messages.length,
    turn_count,
  }
}

const shortened = (text: string): string => (text.length > 1000 ? `${text.slice(0, 1000).toWellFormed()}…` : text)

function promptMessages(message: ExportItem["messages"][number], id: string): InspectMessage[] {
  if (message.role === "tool")
    return message.content.map(({ toolCallId, toolName, output }, place) => ({
      id: `${id}-${place}`,
      role: "tool",
      source: "input",
      content: output.value,
      tool_call_id: toolCallId,
      function: toolName,
    }))
  const calls = promptCalls(message)
  const content = message.role === "assistant" ? textOf(message.content) : messageText(message)
  return [{ id, role: message.role, source: "input", content, ...withCalls(calls) }]
}

const textOf = (parts: readonly { type: string; text?: string }[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("")

function stepMessages(
  step: Step,
  calls: readonly TurnCall[],
  { id, policy, verdict }: { id: string; policy: string; verdict: StepVerdict | undefined },
): InspectMessage[] {
  const { index, kind, text, reasoning = [], malformed, finishReason, observation } = step
  const thoughts = reasoning.map((thought) => ({ type: "reasoning", reasoning: thought.text }))
  const turn: InspectMessage = {
    id: `${id}-${index}`,
    role: "assistant",
    source: "generate",
    model: policy,
    content: thoughts.length > 0 ? [...thoughts, { type: "text", text }] : text,
    ...withCalls(calls),
    metadata: {
      step: index,
      kind,
      query: step.call?.query,
      malformed,
      finish_reason: finishReason,
      ...verdictFields(verdict),
    },
  }
  if (!observation) return [turn]
  const result = { content: observation.text, metadata: { step: index, is_error: observation.isError } }
  if (calls.length === 0) return [turn, { id: `${id}-${index}-r`, role: "user", ...result }]
  const error = observation.isError ? { error: { type: "unknown", message: observation.text } } : {}
  return [
    turn,
    ...calls.map((call, place) => ({
      id: `${id}-${index}-r${place}`,
      role: "tool",
      tool_call_id: call.id,
      function: call.name,
      ...result,
      ...error,
    })),
  ]
}

const withCalls = (calls: readonly TurnCall[]) =>
  calls.length === 0
    ? {}
    : { tool_calls: calls.map(({ id, name, input }) => ({ id, function: name, arguments: input, type: "function" })) }

const verdictFields = (verdict: StepVerdict | undefined) =>
  verdict && {
    verdict: verdict.verdict,
    score: verdict.score,
    reason: verdict.reason,
    judge: verdict.judge,
    oracle: verdict.oracle,
  }

const stopReason = ({ finishReason, kind }: Step): string =>
  finishReason === "length"
    ? "max_tokens"
    : kind === "tool"
      ? "tool_calls"
      : finishReason === "stop"
        ? "stop"
        : "unknown"
