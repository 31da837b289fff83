/** A chat-completions server on this machine: it gives the answers in turn and keeps the requests. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

interface WireMessage {
  role: string
  content: unknown
  tool_call_id?: string
  tool_calls?: { id: string; function: { name: string; arguments: string } }[]
}
export interface WireRequest {
  model: string
  messages: WireMessage[]
  tools?: { function: { name: string; description?: string; parameters: { properties: object } } }[]
  temperature?: number
  max_tokens?: number
}

/** A status other than 200, or the assistant's message. */
export type Answer = number | Record<string, unknown>

export async function chatServer(...answers: Answer[]) {
  const requests: WireRequest[] = []
  const server = createServer(async (incoming, response) => {
    let text = ""
    for await (const piece of incoming.setEncoding("utf8")) text += piece
    requests.push(JSON.parse(text) as WireRequest)
    const answer = answers[requests.length - 1] ?? 500
    response.writeHead(typeof answer === "number" ? answer : 200, { "content-type": "application/json" })
    response.end(JSON.stringify(typeof answer === "number" ? { error: { message: "slow down" } } : completion(answer)))
  }).unref()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () => server.close(),
  }
}

const completion = (message: Record<string, unknown>) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1754000000,
  model: "m",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: null, ...message },
      finish_reason: "tool_calls" in message ? "tool_calls" : "stop",
    },
  ],
  usage: { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 },
})

/** An assistant's message that calls a tool. */
export const calling = (name: string, input: object): Answer => ({
  reasoning_content: "the weather is asked for",
  tool_calls: [{ id: "call_x", type: "function", function: { name, arguments: JSON.stringify(input) } }],
})
