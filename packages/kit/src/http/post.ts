/**
 * One POST of a text over Node's own HTTP. An answer may take as long as its caller's signal lets it: `fetch` gives up one
 * whose headers or next bytes are five minutes away, whatever the signal says. One that never ends is left at its limit.
 */
import { isUtf8 } from "node:buffer"
import type { IncomingMessage, RequestOptions } from "node:http"

export interface PostAnswer {
  status: number
  statusText: string
  headers: Record<string, string>
  text: string
  /** False where bytes of the answer stand for nothing: in the text they are replaced, and it is not what was sent. */
  isWhole: boolean
}

/** An answer that went on beyond the limit. */
export class EndlessAnswer extends Error {}

/** MiB: a batch of 2,048 vectors of 3,072 numbers has 75. */
const mostMebibytes = 128

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
      return { status, statusText, headers: flat(response), ...(await bodyOf(response)) }
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

async function bodyOf(response: IncomingMessage): Promise<Pick<PostAnswer, "text" | "isWhole">> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length
    // Leaving the loop lets go of the connection.
    if (size > mostMebibytes * 2 ** 20) throw new EndlessAnswer(`answered with more than ${mostMebibytes} MiB`)
    pieces.push(piece)
  }
  const bytes = Buffer.concat(pieces)
  return { text: new TextDecoder().decode(bytes), isWhole: isUtf8(bytes) }
}

const flat = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  )
