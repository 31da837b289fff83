/** A handler of web requests (`Request` in, `Response` out) as a listener of Node's HTTP server. */
import type { IncomingMessage, RequestListener } from "node:http"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"

/** Bodies are streamed both ways; the request's signal fires when the other side has gone. What the handler throws is answered by 500. */
export function fetchListener(answer: (request: Request) => Promise<Response>): RequestListener {
  return async (incoming, outgoing) => {
    const gone = new AbortController()
    outgoing.once("close", () => gone.abort())
    try {
      const response = await answer(webRequest(incoming, gone.signal))
      // A stream may have nothing to say for long, and whoever waits for it should know that it is there.
      outgoing.writeHead(response.status, [...response.headers].flat()).flushHeaders()
      if (response.body) await pipeline(Readable.from(response.body), outgoing)
      else outgoing.end()
    } catch {
      if (!outgoing.headersSent) outgoing.writeHead(500)
      outgoing.end()
    }
  }
}

function webRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = "GET", url = "/", headersDistinct } = incoming
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const body = method === "GET" || method === "HEAD" ? undefined : (Readable.toWeb(incoming) as ReadableStream)
  const address = new URL(url, `http://${incoming.headers.host ?? "localhost"}`)
  return new Request(address, { method, headers, body, duplex: "half", signal })
}
