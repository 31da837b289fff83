/** Real servers on this machine. They hold no process up, and are gone with it where nobody closes them. */
import { createServer, type RequestListener, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export interface TestServer {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  url: string
  close(): Promise<void>
}

export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener).unref()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface ApiRequest<Body = Record<string, unknown>> {
  path: string
  authorization: string | undefined
  body: Body
}
export type ApiAnswer<Body = Record<string, unknown>> = (request: ApiRequest<Body>, response: ServerResponse) => unknown

/** A server as OpenAI's: it gives the answers one after another, the last one for ever, and remembers the requests. */
export async function apiServer<Body = Record<string, unknown>>(...answers: ApiAnswer<Body>[]) {
  const requests: ApiRequest<Body>[] = []
  const { url, close } = await serve(async (incoming, response) => {
    let text = ""
    for await (const piece of incoming.setEncoding("utf8")) text += piece
    const request = { path: incoming.url!, authorization: incoming.headers.authorization, body: JSON.parse(text) }
    requests.push(request)
    await answers[Math.min(requests.length, answers.length) - 1]!(request, response)
  })
  return { url, baseUrl: `${url}/v1`, requests, close }
}

/** Sends `body`, as JSON where it is no text. */
export const answerWith =
  (status: number, body: unknown, headers: Record<string, string> = {}): ApiAnswer<unknown> =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers })
    response.end(typeof body === "string" ? body : JSON.stringify(body))
  }

/** A chat completion as vLLM and OpenAI write it, shortened. */
export const chatCompletion = (message: object, finishReason = "stop") => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1754000000,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", ...message }, logprobs: null, finish_reason: finishReason }],
  usage: { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 },
})
