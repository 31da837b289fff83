/**
 * Asks a Tinker server. Three kinds of call: `ask` changes nothing that counts twice and is tried again; `tell` is sent once and
 * only again where it has certainly not arrived; `wait` asks for a future until it is there. Invariant: nothing that adds to a
 * gradient or steps on one goes out twice.
 */
import { setTimeout } from "node:timers/promises"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import {
  createLimiter,
  createOpenaiClient,
  HttpError,
  type Limiter,
  type OpenaiClient,
  type OpenaiServer,
  withRetry,
} from "@swirl-ts/kit"
import type { z } from "zod"
import {
  BrokenServer,
  Doubtful,
  detailOf,
  isBroken,
  isLost,
  isStillComputed,
  LostModel,
  wasNotTaken,
  wasRefused,
} from "./problems.ts"
import { RequestSchema } from "./wire.ts"

interface CallOptions {
  signal?: AbortSignal
  /** Calls in all, the first included. */
  attempts?: number
}

export interface TinkerClient {
  /** Without user, password and key. */
  readonly url: string
  /** Posts what may be done twice; `schema` reads the answer. */
  ask<T>(path: string, body: object, schema: z.ZodType<T>, options?: CallOptions): Promise<T>
  /** Posts what must not be done twice, and gives the id of its future. Throws Doubtful where nobody knows whether it arrived. */
  tell(path: string, body: object): Promise<string>
  /** What a future came to. */
  wait<T>(requestId: string, what: string, schema: z.ZodType<T>, options?: CallOptions): Promise<T>
  get<T>(path: string, schema: z.ZodType<T>, options?: CallOptions): Promise<T>
  /** The bytes at a path. */
  bytes(path: string): Promise<Uint8Array>
  /** Ends every call that is under way, with this reason; so does the signal that it was made with. */
  close(reason: unknown): void
  /** Places for what is under way, from its post until its future is there: who asks for more waits. */
  turn: Limiter
}

/** A poll is given up and made anew long before anybody's limit on headers. */
const pollMilliseconds = 40_000
/** Half a second, doubled up to half a minute: about three minutes, in which a server can come back. */
const patience = { attempts: 12, longestDelay: 30_000 }

/** `abortSignal` ends every call that is under way, and each that comes after it. */
export function createTinkerClient(
  server: OpenaiServer,
  { inFlight, futureSeconds }: { inFlight: number; futureSeconds: number },
  abortSignal?: AbortSignal,
): TinkerClient {
  const closed = new AbortController()
  const ended = abortSignal ? AbortSignal.any([closed.signal, abortSignal]) : closed.signal
  const clients = new Map<string, OpenaiClient>()
  const url = new URL(server.baseUrl)
  url.username = ""
  url.password = ""
  const shown = url.href.replace(/\/+$/, "")

  const clientOf = (path: string): OpenaiClient => {
    const client = clients.get(path) ?? createOpenaiClient(server, path, 120_000)
    clients.set(path, client)
    return client
  }
  const signalOf = (signal?: AbortSignal): AbortSignal => (signal ? AbortSignal.any([signal, ended]) : ended)
  const post = async (path: string, body: object, signal: AbortSignal): Promise<unknown> => {
    return (await clientOf(path).post(body, signal)).value
  }
  const read = <T>(what: string, schema: z.ZodType<T>, value: unknown): T => {
    const { data, success, error } = schema.safeParse(value)
    if (success) return data
    const { path, message } = error.issues[0]!
    throw new SwirlError(
      `${shown} answered ${what} otherwise than a Tinker server that is known here (SkyRL 0.3.0): ${path.join(".") || "the answer"}: ${message}. It is probably of another version.`,
    )
  }
  /** The server's own words in place of an excerpt of JSON, and what is lost by its name. */
  const told = (what: string, error: unknown): unknown => {
    if (isLost(error)) return new LostModel(`${shown}: ${detailOf(error)}`, { cause: error })
    const detail = detailOf(error)
    if (detail === undefined) return error
    const { isRetryable, statusCode, responseBody } = error as HttpError
    return new HttpError(`${shown} refused ${what}: ${detail}`, {
      isRetryable,
      statusCode,
      responseBody,
      cause: error,
    })
  }

  return {
    url: shown,
    turn: createLimiter(inFlight),
    ask: async (path, body, schema, { signal, attempts = patience.attempts } = {}) => {
      const whole = signalOf(signal)
      try {
        const once = unless([409], () => post(path, body, whole))
        return read(path, schema, await withRetry(once, 0, { ...patience, attempts }, whole))
      } catch (error) {
        whole.throwIfAborted()
        throw told(path, error)
      }
    },
    tell: async (path, body) => {
      const signal = ended
      for (let attempt = 1; ; attempt++) {
        try {
          return read(path, RequestSchema, await post(path, body, signal)).request_id
        } catch (error) {
          signal.throwIfAborted()
          if (wasNotTaken(error) && attempt < patience.attempts) {
            await setTimeout(Math.min(patience.longestDelay, 500 * 2 ** (attempt - 1)), undefined, { signal })
            continue
          }
          if (wasNotTaken(error) || wasRefused(error)) throw told(path, error)
          throw new Doubtful(`Whether ${shown} took ${path} is not known: ${errorMessage(error)}`, { cause: error })
        }
      }
    },
    wait: async (requestId, what, schema, { signal } = {}) => {
      const whole = signalOf(signal)
      const end = performance.now() + 1000 * futureSeconds
      const body = { request_id: requestId }
      for (let broken = 0; ; ) {
        whole.throwIfAborted()
        const late = AbortSignal.timeout(pollMilliseconds)
        const one = AbortSignal.any([whole, late])
        try {
          const poll = () => post("/retrieve_future", body, one)
          return read(what, schema, await withRetry(unless([408, 500], poll), 0, patience, one))
        } catch (error) {
          whole.throwIfAborted()
          if (isBroken(error) && broken++ > 0)
            throw new BrokenServer(
              `${shown} failed at ${what} and has no reason to give (500): a value was no number, or memory ran out. Start the server again, because what it had summed up may be spoilt, and run the command again.`,
              { cause: error },
            )
          if (!late.aborted && !isStillComputed(error) && !isBroken(error)) throw told(what, error)
        }
        if (performance.now() > end)
          throw new SwirlError(
            `${shown} has not finished ${what} within ${futureSeconds} s (request ${requestId}). Is its engine running? A longer limit: futureSeconds of the engine.`,
          )
      }
    },
    get: async (path, schema, { attempts = patience.attempts } = {}) => {
      const response = await fetchPath(path, { attempts })
      return read(path, schema, await response.json().catch(() => undefined))
    },
    bytes: async (path) => new Uint8Array(await (await fetchPath(path, patience)).arrayBuffer()),
    close: (reason) => closed.abort(reason),
  }

  async function fetchPath(path: string, { attempts }: { attempts: number }): Promise<Response> {
    const headers = { ...authorizationOf(server), ...server.headers }
    const once = async (): Promise<Response> => {
      const signal = AbortSignal.any([ended, AbortSignal.timeout(600_000)])
      const response = await fetch(`${shown}${path}`, { headers, signal }).catch((cause: unknown) => {
        ended.throwIfAborted()
        const why = errorMessage((cause as { cause?: unknown }).cause ?? cause)
        const message = `${shown} could not be reached (${why}). Is the server running, and is the address right?`
        throw new HttpError(message, { isRetryable: true, kind: "usage", cause })
      })
      if (response.ok) return response
      const responseBody = (await response.text()).slice(0, 4000)
      const { status } = response
      throw new HttpError(`${shown}${path} answered ${status}: ${responseBody.slice(0, 300)}`, {
        isRetryable: status >= 500 || status === 429 || status === 425,
        statusCode: status,
        kind: [401, 403, 404].includes(status) ? "usage" : "failed",
        responseBody,
      })
    }
    try {
      return await withRetry(once, 0, { ...patience, attempts }, ended)
    } catch (error) {
      throw told(path, error)
    }
  }
}

/** A call whose answers of these statuses are for its caller to judge: asking again at once mends none of them. */
const unless =
  <T>(statuses: readonly number[], call: () => Promise<T>): (() => Promise<T>) =>
  async () => {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof HttpError) || !statuses.includes(error.statusCode ?? 0)) throw error
      const { message, statusCode, responseBody } = error
      throw new HttpError(message, { isRetryable: false, statusCode, responseBody, cause: error })
    }
  }

/** As the calls that post do it: a user in the address goes before the key. */
function authorizationOf({ baseUrl, apiKey }: OpenaiServer): Record<string, string> {
  const { username, password } = new URL(baseUrl)
  if (username === "" && password === "") return apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` }
}
