/** The `/chat/completions` wire format, both ways, in one place. What a server may leave out is optional here. */
import type { ContentPart, GenerateOptions, GenerateResult, Message } from "@swirl-ts/core"
import { z } from "zod"

const ToolCallSchema = z.object({
  id: z.string().nullish(),
  function: z.object({
    name: z.string(),
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  }),
})

export const CompletionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z
            .union([z.string(), z.array(z.object({ text: z.string().optional() }))])
            .nullish()
            .transform((content) =>
              Array.isArray(content) ? content.map((part) => part.text ?? "").join("") : (content ?? ""),
            ),
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
          tool_calls: z.array(ToolCallSchema).nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
})

/** `maxTokensField`: OpenAI's own server wants `max_completion_tokens`, nearly every other one `max_tokens`. */
export function requestBody(
  modelId: string,
  options: GenerateOptions,
  maxTokensField: string,
): Record<string, unknown> {
  const { maxOutputTokens, temperature, topP, topK, seed, stopSequences, tools = [], toolChoice } = options
  const body: Record<string, unknown> = {
    model: modelId,
    messages: options.prompt.flatMap(wireMessages),
    [maxTokensField]: maxOutputTokens,
    temperature,
    top_p: topP,
    top_k: topK,
    // Servers written in other languages read a signed 32-bit number.
    seed: seed === undefined ? undefined : seed % 2 ** 31,
    stop: stopSequences?.length ? stopSequences : undefined,
  }
  if (tools.length > 0) {
    body.tools = tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    }))
    body.tool_choice = toolChoice?.type
  }
  return body
}

function wireMessages(message: Message): Record<string, unknown>[] {
  if (message.role === "system") return [{ role: "system", content: message.content }]
  if (message.role === "user") return [{ role: "user", content: message.content.map((part) => part.text).join("") }]
  if (message.role === "tool") {
    return message.content.map((part) => ({ role: "tool", tool_call_id: part.toolCallId, content: part.output.value }))
  }
  const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("")
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [
          {
            id: part.toolCallId,
            type: "function",
            function: { name: part.toolName, arguments: JSON.stringify(part.input ?? {}) },
          },
        ]
      : [],
  )
  return [
    {
      role: "assistant",
      content: text === "" && calls.length > 0 ? null : text,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ]
}

const finishReasons: Record<string, string> = {
  stop: "stop",
  eos: "stop",
  length: "length",
  max_tokens: "length",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
}

export function readCompletion({ choices, usage }: z.infer<typeof CompletionSchema>): GenerateResult {
  const { message, finish_reason: raw } = choices[0]!
  const content: ContentPart[] = []
  const reasoning = message.reasoning_content ?? message.reasoning
  if (reasoning) content.push({ type: "reasoning", text: reasoning })
  if (message.content) content.push({ type: "text", text: message.content })
  message.tool_calls?.forEach((call, index) => {
    const input = call.function.arguments ?? ""
    content.push({
      type: "tool-call",
      toolCallId: call.id || `call-${index}`,
      toolName: call.function.name,
      input: typeof input === "string" ? input : JSON.stringify(input),
    })
  })
  return {
    content,
    finishReason: { unified: finishReasons[raw ?? ""] ?? "other", raw: raw ?? undefined },
    usage: {
      inputTokens: { total: usage?.prompt_tokens ?? undefined },
      outputTokens: { total: usage?.completion_tokens ?? undefined },
    },
  }
}
