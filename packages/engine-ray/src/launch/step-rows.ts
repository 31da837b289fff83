/** Step rows as launchers read them: neutral, a line a step. What may differ in shape from row to row is JSON in a text. */
import { type Message, messageText, type TrainingJob } from "@swirl-ts/core"

export interface WrittenRow {
  row_id: string
  trajectory_id: string
  step_index: number
  n_steps: number
  /** JSON of the chat messages before the action. */
  messages: string
  /** JSON of the tools that the chat template is told of. */
  tools: string
  action: string
  prompt_token_ids?: readonly number[]
  token_ids?: readonly number[]
}

export function writtenRows({ rows, tools }: Pick<TrainingJob, "rows" | "tools">): WrittenRow[] {
  const described = JSON.stringify(
    tools.map(({ name, description = "", inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    })),
  )
  return rows.map(({ id, trajectoryId, stepIndex, stepCount, messages, action, tokens }) => ({
    row_id: id,
    trajectory_id: trajectoryId,
    step_index: stepIndex,
    n_steps: stepCount,
    messages: JSON.stringify(messages.flatMap(chatMessages)),
    tools: described,
    action,
    ...(tokens ? { prompt_token_ids: tokens.prompt, token_ids: tokens.action } : {}),
  }))
}

/** As chat templates and OpenAI's API have them; each result of a tool is a message of its own. */
function chatMessages(message: Message): object[] {
  if (message.role === "tool")
    return message.content.map(({ toolCallId, toolName, output }) => ({
      role: "tool",
      tool_call_id: toolCallId,
      name: toolName,
      content: output.value,
    }))
  if (message.role !== "assistant") return [{ role: message.role, content: messageText(message) }]
  const content = message.content.map((part) => (part.type === "text" ? part.text : "")).join("")
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [{ id: part.toolCallId, type: "function", function: { name: part.toolName, arguments: part.input } }]
      : [],
  )
  return [{ role: "assistant", content, ...(calls.length > 0 ? { tool_calls: calls } : {}) }]
}
