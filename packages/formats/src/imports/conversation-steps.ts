/**
 * A conversation as trajectories: one for each turn of the user that the model answers, since a judge is asked about the last
 * question. Invariant: a step makes one call or answers, so a turn with several calls is several steps, each with its result; every
 * message is in a step, in a prompt, or counted as lost.
 */
import type { FunctionTool, Losses, Message, NamedTool, Prompt, Step } from "@swirl-ts/core"
import { promptQuestion, systemMessage, userMessage } from "@swirl-ts/core"
import { conversationBefore, native } from "@swirl-ts/runner"
import type { ForeignCall, ForeignConversation, ForeignMessage, RecordedTurn } from "./conversation.ts"
import { countLoss } from "./losses.ts"

export interface ConversationPart {
  prompt: Prompt
  steps: Step[]
  /** Text of the last user turn of the prompt. */
  question: string
  /** Of the last step, where it answers. */
  answer?: string
  /** Which turn of the user it answers, from 1, and how many there are that are answered. */
  turn: number
  models: string[]
}

type AssistantMessage = Extract<ForeignMessage, { role: "assistant" }>
type ToolMessage = Extract<ForeignMessage, { role: "tool" }>

/** None where the model said nothing. `lost` is added to. */
export function conversationParts(
  { messages, tools }: Pick<ForeignConversation, "messages" | "tools">,
  lost: Losses,
): ConversationPart[] {
  const parts: ConversationPart[] = []
  const names = new Set(tools.map(({ name }) => name))
  for (const message of messages)
    if (message.role === "assistant") for (const { name } of message.calls) names.add(name)
  const known: NamedTool[] = [...names].map((name) => ({ name, tag: { name }, description: "", inputSchema: {} }))
  let prompt: Prompt = []
  let open: OpenPart | undefined
  const close = (): void => {
    if (!open) return
    open.end()
    const { steps, models } = open
    const last = steps.at(-1)!
    parts.push({
      prompt,
      steps,
      question: promptQuestion(prompt),
      answer: last.kind === "answer" ? last.answer : undefined,
      turn: parts.length + 1,
      models: [...models],
    })
    prompt = conversationBefore({ prompt, steps }, steps.length, native)
    open = undefined
  }
  for (const message of messages) {
    if (message.role === "assistant" && !message.isGiven) {
      open ??= openPart(known, lost)
      open.turn(message)
    } else if (message.role === "tool" && open) open.result(message)
    else if (message.role === "user" && message.isReply && open?.isUnanswered()) open.reply(message.text)
    else {
      close()
      prompt = [...prompt, ...given(message, prompt, lost)]
    }
  }
  close()
  return parts
}

interface OpenPart {
  steps: Step[]
  models: ReadonlySet<string>
  turn(message: AssistantMessage): void
  result(message: ToolMessage): void
  /** The environment's, to a turn without a call. */
  reply(text: string): void
  isUnanswered(): boolean
  end(): void
}

function openPart(known: readonly NamedTool[], lost: Losses): OpenPart {
  const steps: Step[] = []
  const models = new Set<string>()
  /** Steps whose call has no result yet. */
  let waiting: { step: Step; id?: string }[] = []
  const giveUp = (isEnd: boolean): void => {
    for (const { step } of waiting) {
      // The last step of a conversation that was cut there has none, as with ours.
      if (isEnd && step === steps.at(-1)) continue
      countLoss(lost, "calls without a result")
      step.observation = { text: "(no result was recorded)", isError: true }
    }
    waiting = []
  }
  return {
    steps,
    models,
    turn(message) {
      giveUp(false)
      if (message.model !== undefined) models.add(message.model)
      const last = steps.at(-1)
      // What was said before a call, in a message of its own.
      const before = last && last.observation === undefined && !last.call ? steps.pop() : undefined
      if (before) countLoss(lost, "turns in several messages (joined)")
      const text = [before?.text ?? "", message.text].filter((each) => each !== "").join("\n")
      const thoughts = [...(before?.reasoning ?? []).map((each) => each.text), ...message.thoughts]
      const { calls, recorded } = message
      if (recorded && (recorded.kind === "malformed" || calls.length < 2)) {
        const step = recordedStep(steps.length, recorded, { text, thoughts, calls })
        steps.push(step)
        // A turn that could not be read has one observation, whatever it tried to call.
        for (const { id } of calls) waiting.push({ step, id })
        return
      }
      if (calls.length > 1) countLoss(lost, "turns with several calls (one step a call)")
      const made = calls.length === 0 ? [undefined] : calls
      for (const [place, call] of made.entries()) {
        const step = newStep(steps.length, known, {
          text: place === 0 ? text : "",
          thoughts: place === 0 ? thoughts : [],
          call,
          isCut: message.isCut ?? false,
        })
        steps.push(step)
        if (call) waiting.push({ step, id: call.id })
      }
    },
    result({ callId, name, text, isError }) {
      const at = waiting.findIndex(({ step, id }) =>
        callId !== undefined && id !== undefined ? id === callId : name === undefined || calledName(step) === name,
      )
      if (at < 0) return countLoss(lost, "results that no call asked for")
      const [{ step }] = waiting.splice(at, 1) as [{ step: Step }]
      step.observation = { text, isError }
    },
    reply(text) {
      const step = steps.at(-1)!
      step.observation = { text, isError: true }
      if (step.kind === "malformed" && step.malformed !== undefined) return
      step.kind = "malformed"
      step.malformed = "neither a call nor the final answer: the environment asked to go on"
      delete step.answer
    },
    isUnanswered: () => steps.at(-1)?.observation === undefined && steps.at(-1)?.call === undefined,
    end: () => giveUp(true),
  }
}

function recordedStep(
  index: number,
  { kind, query, malformed, answer, finishReason }: RecordedTurn,
  { text, thoughts, calls }: Pick<AssistantMessage, "text" | "thoughts" | "calls">,
): Step {
  const step: Step = { index, kind, text, finishReason }
  const [call] = calls
  if (thoughts.length > 0) step.reasoning = thoughts.map((thought) => ({ text: thought }))
  if (kind === "tool" && call) step.call = { tool: call.name, input: call.input, query: query ?? inputText(call.input) }
  if (kind === "answer") step.answer = answer ?? text
  if (kind === "malformed") {
    step.malformed = malformed ?? "malformed"
    if (calls.length > 0) step.toolCalls = calls.map(({ name, input }) => ({ toolName: name, input: inputText(input) }))
  }
  return step
}

const calledName = ({ call, toolCalls = [] }: Step): string | undefined => call?.tool ?? toolCalls[0]?.toolName

function newStep(
  index: number,
  known: readonly NamedTool[],
  {
    text,
    thoughts,
    call,
    isCut,
  }: { text: string; thoughts: readonly string[]; call: ForeignCall | undefined; isCut: boolean },
): Step {
  const toolCalls = call ? [{ toolCallId: call.id ?? "", toolName: call.name, input: inputText(call.input) }] : []
  const finishReason = isCut ? "length" : "stop"
  const action = native.parse({ text, toolCalls, finishReason }, known)
  const step: Step = { index, kind: action.kind, text, finishReason }
  if (thoughts.length > 0) step.reasoning = thoughts.map((thought) => ({ text: thought }))
  if (action.kind === "tool") step.call = { tool: action.tool, input: action.input, query: action.query }
  if (action.kind === "answer") step.answer = action.answer
  if (action.kind === "malformed") {
    step.malformed = action.reason
    if (toolCalls.length > 0) step.toolCalls = toolCalls.map(({ toolName, input }) => ({ toolName, input }))
  }
  return step
}

const inputText = (input: unknown): string => (typeof input === "string" ? input : (JSON.stringify(input) ?? "{}"))

/** A message of the prompt. */
function given(message: ForeignMessage, before: Prompt, lost: Losses): Prompt {
  if (message.role === "tool") {
    const { callId = "", name, text, isError } = message
    const toolName = name ?? nameOfCall(before, callId)
    if (toolName === undefined) {
      countLoss(lost, "results that no call asked for")
      return []
    }
    const output = { type: isError ? ("error-text" as const) : ("text" as const), value: text }
    return [{ role: "tool", content: [{ type: "tool-result", toolCallId: callId, toolName, output }] }]
  }
  if (message.role !== "assistant")
    return [message.role === "system" ? systemMessage(message.text) : userMessage(message.text)]
  if (message.thoughts.length > 0) countLoss(lost, "thoughts in turns that the prompt gives", message.thoughts.length)
  return [
    {
      role: "assistant",
      content: [
        ...(message.text === "" && message.calls.length > 0 ? [] : [{ type: "text" as const, text: message.text }]),
        ...message.calls.map(({ id = "", name, input }) => ({
          type: "tool-call" as const,
          toolCallId: id,
          toolName: name,
          input,
        })),
      ],
    },
  ]
}

function nameOfCall(before: readonly Message[], callId: string): string | undefined {
  for (const message of before.toReversed()) {
    if (message.role !== "assistant") continue
    for (const part of message.content)
      if (part.type === "tool-call" && (callId === "" || part.toolCallId === callId)) return part.toolName
  }
  return undefined
}

/** What was offered, and what was called without having been: by name, with a schema that takes anything. */
export function toolsOf({ tools, messages }: Pick<ForeignConversation, "tools" | "messages">): FunctionTool[] {
  const found = new Map(tools.map((tool) => [tool.name, tool]))
  for (const message of messages) {
    if (message.role !== "assistant") continue
    for (const { name } of message.calls)
      if (!found.has(name))
        found.set(name, { type: "function", name, description: "", inputSchema: { type: "object" } })
  }
  return [...found.values()]
}
