/** A recorded trajectory as a conversation: what the model said at each step, and what it was answered. */
import {
  type ContentPart,
  contentHash,
  type GenerateResult,
  type Message,
  messageText,
  type Prompt,
  type Step,
  type Trajectory,
  tokensOf,
} from "@swirl-ts/core"

type SaidStep = Pick<Step, "text" | "reasoning" | "call" | "toolCalls" | "providerMetadata" | "finishReason"> & {
  /** What came back, before the next turn. */
  answered?: string
}

export interface RecordedConversation
  extends Pick<Trajectory, "id" | "taskId" | "epoch" | "seed" | "policy" | "status" | "error" | "usage"> {
  promptHash: string
  promptLength: number
  steps: SaidStep[]
}

/** Without ids and log-probabilities: a replay knows texts and calls. */
export function recordedConversation(trajectory: Trajectory): RecordedConversation {
  const { id, taskId, epoch, seed, policy, status, error, usage, prompt } = trajectory
  const steps = trajectory.steps.map(
    ({ text, reasoning, call, toolCalls, providerMetadata, finishReason, observation }): SaidStep => ({
      text,
      reasoning,
      call,
      toolCalls,
      providerMetadata,
      finishReason,
      answered: observation?.text,
    }),
  )
  const of = { promptHash: contentHash(prompt), promptLength: prompt.length }
  return { id, taskId, epoch, seed, policy, status, error, usage, ...of, steps }
}

/** Whether each turn in `since`, the conversation after its first prompt, was answered by what is recorded. */
export function wasAnsweredSo({ steps }: Pick<RecordedConversation, "steps">, since: Prompt): boolean {
  let step = -1
  const replies: Message[][] = []
  for (const message of since) {
    if (message.role === "assistant") replies[++step] = []
    else replies[step]?.push(message)
  }
  return replies.every((messages, index) => {
    const { answered } = steps[index] ?? {}
    return answered !== undefined && messages.map(messageText).join("\n").includes(answered)
  })
}

/**
 * `withCalls`: tools were offered with the request, so a call is no part of the text. The tokens are an equal part, for each
 * step, of those that were recorded for all: nothing is spent.
 */
export function recordedTurn(
  { steps, usage }: RecordedConversation,
  index: number,
  withCalls: boolean,
): GenerateResult {
  const { text, reasoning = [], call, toolCalls = [], providerMetadata, finishReason } = steps[index]!
  const made = call
    ? [{ toolName: call.tool, input: JSON.stringify(call.input) ?? "{}", providerMetadata: call.providerMetadata }]
    : toolCalls
  const calls = withCalls ? made : []
  const content: ContentPart[] = [
    ...reasoning.map((thought): ContentPart => ({ type: "reasoning", ...thought })),
    ...(text === "" && !providerMetadata ? [] : [{ type: "text", text, providerMetadata } as ContentPart]),
    ...calls.map((each, place): ContentPart => ({ type: "tool-call", toolCallId: `call-${index}-${place}`, ...each })),
  ]
  const { inputTokens, outputTokens } = tokensOf(usage)
  const share = (tokens: number): number => {
    const part = Math.floor(tokens / steps.length)
    return index === steps.length - 1 ? tokens - part * index : part
  }
  return {
    content,
    finishReason: { unified: finishReason, raw: finishReason },
    usage: { inputTokens: { total: share(inputTokens) }, outputTokens: { total: share(outputTokens) } },
    cached: true,
  }
}
