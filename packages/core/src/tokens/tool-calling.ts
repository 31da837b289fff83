/**
 * The model's own tool calling by its chat template: tools offered as the template takes them, turns with their calls and
 * results, and what the model wrote read back. A template that takes no tools is refused before anything is generated.
 */
import type { ConversationTokens } from "../contracts/conversation-tokens.ts"
import type { FunctionTool } from "../contracts/function-tool.ts"
import { SwirlError } from "../errors.ts"
import { type Message, type Prompt, userMessage } from "../prompts/prompt.ts"
import { afterCall, type CallSyntax, callSyntax, useTags, writtenCall } from "./call-syntax.ts"
import { type ChatMessage, chatTools, toolMessages } from "./chat-message.ts"
import type { ChatTemplate, TurnWriter } from "./chat-template.ts"
import { readCalls } from "./read-calls.ts"
import type { TextCodec } from "./text-codec.ts"

interface Calling {
  writer: TurnWriter
  read: NonNullable<ConversationTokens["read"]>
}

/** How a template is given tools: a variable of the usual name, another, or a field of the system turn. */
const offers: ((tools: object[]) => { variables: Record<string, unknown>; ofSystem?: string })[] = [
  (tools) => ({ variables: { tools } }),
  (tools) => ({ variables: { tools, xml_tools: tools } }),
  (tools) => ({ variables: { tools }, ofSystem: JSON.stringify(tools) }),
]

/** Its name stands in a prompt where the template takes tools, and nowhere else. */
const probe: FunctionTool = {
  type: "function",
  name: "probe_tool_90be17",
  description: "Nothing.",
  inputSchema: { type: "object", properties: {} },
}

const marked = "SENTINEL7f3a9c"

export function toolCalling(codec: TextCodec, render: ChatTemplate): (tools: readonly FunctionTool[]) => Calling {
  // How the template takes tools and writes calls does not depend on which tools they are.
  let takes: Offering | undefined
  let known: CallSyntax | undefined
  return (tools) => {
    takes ??= offeringOf(codec, render)
    const offering = takes(chatTools(codec, tools))
    known ??= callSyntax((messages) => offering(messages, { opensTurn: false }))
    const syntax = known
    const messages = (turns: Prompt): ChatMessage[] => turns.flatMap((turn) => written(codec, turn, syntax))
    const write: TurnWriter["write"] = (turns, options) => offering(messages(turns), options)
    return {
      writer: { write, afterCalls: (turns) => afterCalls(write, turns, syntax) },
      read: (sampled, text = codec.decode(sampled)) => {
        const isWhole = text === codec.decode(sampled)
        const ended = sampled.filter((id) => !codec.isEndOfTurn(id))
        return readCalls(isWhole && codec.spell ? codec.spell(ended) : text, syntax) ?? { text, toolCalls: [] }
      },
    }
  }
}

/** The template with these tools in it. */
type Offering = (tools: object[]) => ChatTemplate

function offeringOf(codec: TextCodec, render: ChatTemplate): Offering {
  for (const offer of offers) {
    const offering: Offering = (tools) => (messages, options) => {
      const { variables, ofSystem } = offer(tools)
      return render(ofSystem === undefined ? messages : withSystemTools(messages, ofSystem), { ...options, variables })
    }
    const asked = offering(chatTools(codec, [probe]))([{ role: "user", content: "question" }])
    if (asked.includes(probe.name)) return offering
  }
  throw new SwirlError(
    `The model's chat template takes no tools, so the model has no tool calls of its own. ${useTags}`,
    { kind: "usage" },
  )
}

function withSystemTools(messages: readonly ChatMessage[], tools: string): ChatMessage[] {
  const [first, ...rest] = messages
  const isSystem = first?.role === "system"
  const system = { role: "system", content: isSystem ? first.content : "", tools }
  return [system, ...(isSystem ? rest : messages)]
}

/** A turn for the template; where that writes no calls, they stand in the turn's text as the model writes them. */
function written(codec: TextCodec, turn: Message, syntax: CallSyntax): ChatMessage[] {
  const messages = toolMessages(codec, turn, syntax.argumentsAreText)
  if (syntax.isWritten) return messages
  return messages.map(({ tool_calls = [], ...message }) => ({
    ...message,
    content: [
      message.content,
      ...tool_calls.map(({ function: called }) => writtenCall(syntax, called.name, called.arguments)),
    ]
      .filter((part) => part !== "")
      .join("\n"),
  }))
}

/**
 * What the template writes after a turn whose calls these results answer. Undefined where the turns answer none, and where the
 * template takes no such turn (many take one call a turn only): then it is written as after a turn that says something.
 */
function afterCalls(write: TurnWriter["write"], turns: readonly Message[], syntax: CallSyntax): string | undefined {
  const results = turns.flatMap((turn) => (turn.role === "tool" ? turn.content : []))
  if (results.length === 0 || !syntax.isWritten) return undefined
  const calling: Message = {
    role: "assistant",
    content: results.map(({ toolCallId, toolName }) => ({
      type: "tool-call",
      toolCallId,
      toolName,
      input: { given: marked },
    })),
  }
  try {
    return afterCall(write([userMessage("question"), calling, ...turns]), marked, syntax)
  } catch {
    return undefined
  }
}
