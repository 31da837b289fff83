/**
 * One POST of a text over Node's own HTTP. An answer may take as long as its caller's signal lets it: `fetch` gives up one
 * whose headers or next bytes are five minutes away, whatever the signal says.
 */
import type { IncomingMessage, RequestOptions } from "node:http"
import { text } from "node:stream/consumers"

export interface PostAnswer {
  status: number
  statusText: string
  headers: Record<string, string>
  text: string
}

/** How often a server may send on to another address, by 307 or 308. */
const mostRedirects = 5

export async function post(
  address: URL,
  { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal },
): Promise<PostAnswer> {
  let url = address
  let sent = headers
  for (let redirects = 0; ; redirects++) {
    const response = await ask(url, { method: "POST", headers: sent, signal }, body)
    const status = response.statusCode ?? 0
    const { location } = response.headers
    const elsewhere = status === 307 || status === 308 ? location : undefined
    if (elsewhere === undefined || redirects === mostRedirects) {
      const { statusMessage: statusText = "" } = response
      return { status, statusText, headers: flat(response), text: await text(response) }
    }
    response.resume()
    const next = new URL(elsewhere, url)
    // A key is for the server that it was given for.
    const { authorization: _, ...open } = sent
    if (next.origin !== url.origin) sent = open
    url = next
  }
}

async function ask(url: URL, options: RequestOptions, body: string): Promise<IncomingMessage> {
  // Loaded by who sends: both bring TLS and more along, and most commands ask no server.
  const send = (await (url.protocol === "https:" ? import("node:https") : import("node:http"))).request
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = send(url, options, resolve)
  request.on("error", reject)
  request.setHeader("content-length", Buffer.byteLength(body))
  request.end(body)
  return promise
}

const flat = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  )
