/**
 * What servers do to their clients, as they were met: each fault is a way to end one exchange. What a fault says repeats the
 * client's key, as some servers and gateways do.
 */
import type { ServerResponse } from "node:http"
import { setTimeout as pause } from "node:timers/promises"

interface Exchange {
  response: ServerResponse
  /** The true answer. */
  answer: Buffer
  /** The authorization that came with the request. */
  authorization: string
  /** Uniform in [0, 1). */
  chance: number
}

type Fault = (exchange: Exchange) => void | Promise<void>

const json = { "content-type": "application/json" }

function send({ response }: Exchange, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...json, ...headers })
  response.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body))
}

const said = ({ authorization }: Exchange, message: string) => ({
  error: { message: `${message} (authorization was ${authorization})` },
})

/** One of them, by the exchange's chance. */
const oneOf =
  (...faults: Fault[]): Fault =>
  (exchange) =>
    faults[Math.floor(exchange.chance * faults.length)]!(exchange)

const waits: Record<string, string>[] = [
  { "retry-after": "0" },
  { "retry-after-ms": "40" },
  { "retry-after-ms": "150" },
  { "retry-after": "0.2" },
  { "retry-after": "soon" },
  { "retry-after": "-3" },
]

const refuse =
  (status: number, message: string): Fault =>
  (exchange) =>
    send(exchange, status, said(exchange, message))

const refuseWithWait =
  (status: number, message: string): Fault =>
  (exchange) =>
    send(exchange, status, said(exchange, message), waits[Math.floor(exchange.chance * waits.length)])

/** Rarely: a server that means it, in seconds and as a date of its own clock. */
const refuseForLong: Fault = (exchange) => {
  const date = new Date()
  const until = new Date(date.getTime() + 1000)
  const headers = exchange.chance < 0.5 ? { "retry-after": "1" } : { "retry-after": until.toUTCString() }
  send(exchange, 429, said(exchange, "slow down"), { ...headers, date: date.toUTCString() })
}

const reset: Fault = ({ response }) => void response.socket?.resetAndDestroy()
const hangUp: Fault = ({ response }) => void response.socket?.destroy()

/** Says how long it is, and ends before. */
const half: Fault = async ({ response, answer }) => {
  response.writeHead(200, { ...json, "content-length": String(answer.length) })
  response.write(answer.subarray(0, answer.length >> 1))
  await pause(2)
  response.socket?.destroy()
}

const halfInChunks: Fault = async ({ response, answer }) => {
  response.writeHead(200, json)
  response.write(answer.subarray(0, answer.length >> 1))
  await pause(2)
  response.socket?.resetAndDestroy()
}

/** Ends in order, in the middle of the JSON. */
const cut: Fault = (exchange) => send(exchange, 200, exchange.answer.subarray(0, exchange.answer.length - 30))

const otherJson =
  (body: unknown): Fault =>
  (exchange) =>
    send(exchange, 200, body)

/** The true answer, in which bytes have been lost on the way: replaced, they would be another answer. */
const invalidUtf8: Fault = (exchange) => {
  const bytes = Buffer.from(exchange.answer)
  const at = bytes.indexOf('"content":') + 11
  bytes[at] = 0xff
  bytes[at + 1] = 0xfe
  send(exchange, 200, bytes)
}

const silence: Fault = ({ response }) => gone(response)

/** Headers, and then a byte now and then, for ever. */
const drip: Fault = async ({ response, answer }) => {
  response.writeHead(200, json)
  const ended = gone(response).then(() => true)
  for (let at = 0; ; at = (at + 1) % answer.length) {
    response.write(answer.subarray(at, at + 1))
    if (await Promise.race([ended, pause(100, false, { ref: false })])) return
  }
}

/** A text that never ends, as fast as it is read; a quarter of a gigabyte at most. */
const huge: Fault = async ({ response }) => {
  response.writeHead(200, json)
  response.write('{"choices":[{"message":{"role":"assistant","content":"')
  const piece = Buffer.alloc(1 << 20, "0 and ")
  const ended = gone(response)
  for (let sent = 0; sent < 256 && !response.destroyed; sent++) {
    if (!response.write(piece)) await Promise.race([ended, new Promise((resolve) => response.once("drain", resolve))])
  }
  response.destroy()
}

/** Something that is not HTTP at all. */
const noHttp: Fault = ({ response }) => void response.socket?.end("SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n")

const gone = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => (response.destroyed ? resolve() : response.once("close", () => resolve())))

const failedTurn = { choices: [{ message: { role: "assistant", content: "so <answer> 0" }, finish_reason: "error" }] }

interface Kind {
  name: string
  /** Of requests. */
  share: number
  fault: Fault
}

export const kinds: readonly Kind[] = [
  { name: "429", share: 0.01, fault: refuse(429, "too many requests") },
  { name: "429 with Retry-After", share: 0.01, fault: refuseWithWait(429, "too many requests") },
  { name: "429 for a second", share: 0.0005, fault: refuseForLong },
  { name: "500", share: 0.015, fault: refuse(500, "internal error") },
  { name: "503", share: 0.01, fault: oneOf(refuse(503, "overloaded"), refuseWithWait(503, "overloaded")) },
  { name: "reset", share: 0.015, fault: oneOf(reset, hangUp) },
  { name: "half", share: 0.015, fault: oneOf(half, halfInChunks, cut) },
  {
    name: "wrong JSON",
    share: 0.015,
    fault: oneOf(
      otherJson("<html>bad gateway</html>"),
      otherJson("null"),
      otherJson("[]"),
      otherJson({ choices: [] }),
      otherJson({ choices: [{ text: "a completion of another kind" }] }),
      otherJson(""),
    ),
  },
  { name: "no HTTP", share: 0.004, fault: noHttp },
  { name: "invalid UTF-8", share: 0.008, fault: invalidUtf8 },
  {
    name: "error in 200",
    share: 0.015,
    fault: oneOf((exchange) => send(exchange, 200, said(exchange, "the worker is gone")), otherJson(failedTurn)),
  },
  { name: "silence", share: 0.002, fault: silence },
  { name: "drip", share: 0.002, fault: drip },
  { name: "huge", share: 0.0005, fault: huge },
]
