/**
 * A server of chat completions in a process of its own, which outlives its clients: `/calm/v1` answers at once and always,
 * `/faulty/v1` as servers do under load. Whether a request meets a fault is drawn from the seed, the request and how often it
 * came before, never more than three times one after another; what the answer is depends on the request alone.
 * Started by `startFaultServer`, spoken to by messages.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { contentHash, random, seedFrom } from "@swirl-ts/core"
import { kinds } from "./faults.ts"
import { createLedger, type Ledger, type LedgerSummary } from "./ledger.ts"
import { type ChatRequest, completion } from "./story-model.ts"

export interface ServerSettings {
  seed: number
  /** Milliseconds of work for an answer, at least and at most. */
  work: [number, number]
  /** Seconds from the beginning of one outage to that of the next; the first one comes after as long. */
  outageEvery: number
  outageSeconds: number
}

export type ServerAsked =
  | { kind: "start"; settings: ServerSettings }
  | { kind: "arm"; requests: number }
  | { kind: "ledgers" }

export type ServerTold =
  | { kind: "listening"; port: number }
  | { kind: "reached" }
  | { kind: "ledgers"; calm: LedgerSummary; faulty: LedgerSummary }

/** Faults one after another to one request: fewer than the tries that a client has. */
const mostInARow = 3

const ledgers = { calm: createLedger(), faulty: createLedger() }
let settings: ServerSettings | undefined
/** Requests until whoever waits for them is told; 0: nobody waits. */
let awaited = 0
let began = 0
/** Answers a second vary by time: the server takes so many at once. */
const capacities = [48, 24, 6, 24]
const capacitySeconds = 6

const tell = (message: ServerTold): void => void process.send?.(message)
const elapsed = (): number => (performance.now() - began) / 1000

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ""
  for await (const piece of request.setEncoding("utf8")) text += piece
  return text
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const ledger = request.url?.startsWith("/calm/") ? ledgers.calm : ledgers.faulty
  if (awaited > 0 && --awaited === 0) tell({ kind: "reached" })
  const text = await bodyOf(request)
  const key = contentHash(text, 24)
  const times = ledger.asked(key)
  ledger.inFlight++
  try {
    const whole = Buffer.from(JSON.stringify(completion(JSON.parse(text) as ChatRequest)))
    if (ledger === ledgers.calm) return await answerWhole(ledger, key, whole, response)
    await answerUnderFaults(key, times, whole, request, response)
  } finally {
    ledger.inFlight--
  }
}

async function answerUnderFaults(
  key: string,
  times: number,
  whole: Buffer,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { seed, work, outageEvery, outageSeconds } = settings!
  const ledger = ledgers.faulty
  const at = elapsed()
  if (at > outageEvery && at % outageEvery < outageSeconds) {
    ledger.fault("outage")
    // By turns: nobody is there, and a gateway that says so.
    if (Math.floor(at / outageEvery) % 2 === 1) return void response.socket?.resetAndDestroy()
    response.writeHead(503, { "content-type": "text/html" })
    return void response.end("<html>503 no server is available to handle this request</html>")
  }
  if (ledger.inFlight > capacities[Math.floor(at / capacitySeconds) % capacities.length]!) {
    ledger.crowded()
    response.writeHead(429, { "content-type": "application/json", "retry-after-ms": "100" })
    return void response.end('{"error":{"message":"too many requests at once"}}')
  }
  const draw = random(seedFrom("fault", seed, key, times))
  await pause(work[0] + draw.next() * (work[1] - work[0]))
  let place = draw.next()
  const chance = draw.next()
  if (times % (mostInARow + 1) < mostInARow) {
    for (const { name, share, fault } of kinds) {
      place -= share
      if (place >= 0) continue
      ledger.fault(name)
      return void (await fault({ response, answer: whole, authorization: headers.authorization ?? "", chance }))
    }
  }
  await answerWhole(ledger, key, whole, response, chance < 0.005)
}

/** `slowly`: in pieces, over half a second. */
async function answerWhole(
  ledger: Ledger,
  key: string,
  whole: Buffer,
  response: ServerResponse,
  slowly = false,
): Promise<void> {
  response.writeHead(200, { "content-type": "application/json", "content-length": String(whole.length) })
  const pieces = slowly ? 10 : 1
  const size = Math.ceil(whole.length / pieces)
  for (let piece = 0; piece < pieces && !response.destroyed; piece++) {
    if (slowly) await pause(50)
    response.write(whole.subarray(piece * size, (piece + 1) * size))
  }
  await new Promise<void>((resolve) => {
    response.once("close", resolve)
    response.end(() => resolve())
  })
  ledger.worked(key, response.writableFinished ? "answered" : "left")
}

const server = createServer((request, response) => {
  response.on("error", () => {})
  answer(request, response).catch(() => response.destroy())
})
server.on("clientError", (_error, socket) => socket.destroy())

process.on("message", (asked: ServerAsked) => {
  if (asked.kind === "arm") awaited = asked.requests
  else if (asked.kind === "ledgers")
    tell({ kind: "ledgers", calm: ledgers.calm.summary(), faulty: ledgers.faulty.summary() })
  else {
    settings = asked.settings
    began = performance.now()
    server.listen(0, "127.0.0.1", () => tell({ kind: "listening", port: (server.address() as AddressInfo).port }))
  }
})
process.on("disconnect", () => process.exit())
// Ctrl-C is for whoever started it.
process.on("SIGINT", () => {})
