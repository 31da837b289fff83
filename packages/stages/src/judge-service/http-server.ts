/**
 * The judge service by HTTP. Invariants: who may not ask is answered before a byte of the body is read; nobody is read beyond
 * the limits; every failure is a sentence, in JSON and in the log, and no header of a request is in either.
 */
import { once } from "node:events"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { errorMessage, firstLine, isSwirlError, SwirlError } from "@swirl-ts/core"
import { checkAccess, checkHost } from "./access.ts"
import { metricsText } from "./counts.ts"
import { type AskedAction, type JudgeService, Overloaded } from "./judge-service.ts"
import type { RecordedStates } from "./recorded-states.ts"
import { checkHead, Refused, readJson } from "./request-body.ts"
import { type RewardForm, rewardForms } from "./reward-forms.ts"

export interface ServeOptions {
  host: string
  /** 0: any that is free. */
  port: number
  token?: string
  /** Of a body. */
  maxBytes: number
  /** Actions of one request. */
  maxActions: number
  /** Seconds that a request may take to arrive. */
  arrival: number
  log(line: string): void
}

export interface RunningServer {
  url: string
  /** Requests by status. */
  answers: ReadonlyMap<number, number>
  /** Takes no more requests, and ends when those that are there are answered, or after `grace` milliseconds. */
  stop(grace: number): Promise<void>
}

/** Throws a usage error where it cannot listen, or would listen to others without a token. */
export async function serveByHttp(service: JudgeService, options: ServeOptions): Promise<RunningServer> {
  const { host, port, token, maxBytes, maxActions, arrival } = options
  checkHost(host, token)
  const answers = new Map<number, number>()
  const report = reporter(options.log)
  let isStopping = false

  const answer = async (request: IncomingMessage, path: string): Promise<[body: string, type?: string]> => {
    if (path === "/health") return [JSON.stringify({ status: isStopping ? "stopping" : "ok", service: "swirl judge" })]
    checkAccess(request, token)
    if (path === "/metrics") return [metricsText(service.counts, answers), "text/plain; version=0.0.4"]
    const form = rewardForms[path]
    if (!form) {
      const paths = ["/health", "/metrics", ...Object.keys(rewardForms)].join(", ")
      throw new Refused(404, `There is nothing at this address. There are ${paths}.`)
    }
    if (request.method !== "POST") throw new Refused(405, `Send a POST to ${path}.`, { allow: "POST" })
    if (isStopping) throw new Refused(503, "The judge service is being stopped.", { "retry-after": "10" })
    checkHead(request, maxBytes)
    const asked = readForm(form, await readJson(request, maxBytes), service.states)
    if (asked.length > maxActions)
      throw new Refused(
        413,
        `The request asks for ${asked.length} actions, and ${maxActions} at once are answered. Send fewer.`,
      )
    return [form.write(await service.verdicts(asked))]
  }

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?", 1)[0]!
    try {
      const [body, type = "application/json"] = await answer(request, path)
      send(response, 200, body, { "content-type": type })
    } catch (error) {
      const { status, message, headers } = refusedBy(error)
      report(`${status} to ${request.method} ${JSON.stringify(path.slice(0, 80))}: ${message}`)
      send(response, status, JSON.stringify({ error: message }), { "content-type": "application/json", ...headers })
      throwAway(request)
    }
  }
  const send = (response: ServerResponse, status: number, body: string, headers: Record<string, string>): void => {
    answers.set(status, (answers.get(status) ?? 0) + 1)
    if (response.destroyed) return
    response.writeHead(status, {
      ...headers,
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
      ...(isStopping ? { connection: "close" } : {}),
    })
    response.end(body)
  }

  const server = createServer({
    requestTimeout: arrival * 1000,
    headersTimeout: Math.min(arrival, 20) * 1000,
    connectionsCheckingInterval: Math.min(1000, arrival * 250),
    // Clients that keep a connection should not find it closed under their next request.
    keepAliveTimeout: 75_000,
  })
  server.maxConnections = 1024
  server.on("request", (request, response) => void onRequest(request, response))
  // Whoever asks first whether a body may come is told before it does.
  server.on("checkContinue", (request, response) => {
    try {
      checkAccess(request, token)
      checkHead(request, maxBytes)
      response.writeContinue()
    } catch {}
    void onRequest(request, response)
  })
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy()
    const isLate = error.code === "ERR_HTTP_REQUEST_TIMEOUT"
    const status = isLate ? 408 : 400
    const message = isLate
      ? `The request did not arrive within ${arrival} seconds.`
      : "What was sent is no HTTP request that can be read."
    answers.set(status, (answers.get(status) ?? 0) + 1)
    report(`${status}: ${message}`)
    const body = JSON.stringify({ error: message })
    socket.end(
      `HTTP/1.1 ${status} ${isLate ? "Request Timeout" : "Bad Request"}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  })
  await listen(server, host, port)
  const { address, port: taken, family } = server.address() as AddressInfo
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`,
    answers,
    async stop(grace) {
      isStopping = true
      const closed = once(server, "close")
      server.close()
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), grace)
      await closed
      clearTimeout(late)
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host)
  try {
    await once(server, "listening")
  } catch (error) {
    const message = `Port ${port} of ${host} cannot be used: ${errorMessage(error)}. Choose another by --port; 0 takes any that is free.`
    throw new SwirlError(message, { kind: "usage", cause: error })
  }
}

/** What is wrong with what was asked is said to who asked. */
function readForm(form: RewardForm, body: unknown, states: RecordedStates): AskedAction[] {
  try {
    return form.read(body, states)
  } catch (error) {
    if (isSwirlError(error) && error.kind === "usage") throw new Refused(422, error.message)
    throw error
  }
}

function refusedBy(error: unknown): { status: number; message: string; headers?: Readonly<Record<string, string>> } {
  if (error instanceof Refused) return error
  if (error instanceof Overloaded)
    return { status: 429, message: error.message, headers: { "retry-after": String(error.retryAfter) } }
  // A judge that cannot work, or a disk that is full.
  return { status: 503, message: firstLine(errorMessage(error)), headers: { "retry-after": "5" } }
}

/** Milliseconds that what comes after an answer is thrown away, so that who still sends gets to read it. */
const lingering = 5000

function throwAway(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  const end = setTimeout(() => request.destroy(), lingering).unref()
  request.once("close", () => clearTimeout(end))
  request.resume()
}

/** One line a second at most; how many there were besides is said with the next. */
function reporter(log: (line: string) => void, now: () => number = () => performance.now()): (line: string) => void {
  let last = Number.NEGATIVE_INFINITY
  let unsaid = 0
  return (line) => {
    if (now() - last < 1000) {
      unsaid++
      return
    }
    log(unsaid > 0 ? `${line} (and ${unsaid} more were refused)` : line)
    last = now()
    unsaid = 0
  }
}
