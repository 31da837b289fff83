/**
 * What fails for a passing reason (408, 409, 429, 5xx, network) is tried again: exponential backoff with jitter from a
 * seeded generator, never shorter than Retry-After, bounded, and ended by the signal.
 */
import { errorMessage, isCommandEnd, isContextOverflow, isSwirlError, random, SwirlError } from "@swirl-ts/core"
import { pause as wait } from "@swirl-ts/platform"
import { counted } from "../values/counted.ts"

export interface RetryOptions {
  /** Calls in all; default 6. */
  attempts?: number
  /** Milliseconds before the second call; doubles each time; default 500. */
  firstDelay?: number
  /** Longest wait; a server that asks for more is given up; default 60,000. */
  longestDelay?: number
  /** Told before each wait. */
  onWait?: (error: unknown, milliseconds: number) => void
  /** For tests. An abort ends it early. */
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

/** What `call` gives, after as many tries as it takes; `seed` is the jitter's. Throws what does not pass as it came, and a SwirlError where it gives up. */
export async function withRetry<T>(
  call: () => PromiseLike<T>,
  seed: number,
  options: RetryOptions = {},
  signal?: AbortSignal,
): Promise<T> {
  const { attempts = 6, firstDelay = 500, longestDelay = 60_000, onWait, sleep = pause } = options
  const jitter = random(seed)
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await call()
    } catch (error) {
      signal?.throwIfAborted()
      if (!isTransient(error)) throw error
      const asked = retryAfter(error)
      if (attempt >= attempts || (asked ?? 0) > longestDelay) throw givenUp(error, attempt, asked, longestDelay)
      const backoff = Math.min(longestDelay, firstDelay * 2 ** (attempt - 1)) * (0.5 + jitter.next() / 2)
      const wait = Math.max(backoff, asked ?? 0)
      onWait?.(error, wait)
      await sleep(wait, signal)
    }
  }
}

const transientCodes = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EPIPE",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
])

export const isRetryableStatus = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500

/** Reads the AI SDK's error fields (`isRetryable`, `statusCode`) and the codes of Node's network errors. */
export function isTransient(error: unknown): boolean {
  // Said with a status of 500, too.
  if (isContextOverflow(error) || isCommandEnd(error)) return false
  for (let at: unknown = error, depth = 0; typeof at === "object" && at !== null && depth < 5; depth++) {
    const { isRetryable, statusCode, code, name, cause } = at as Record<string, unknown>
    if (typeof isRetryable === "boolean") return isRetryable
    if (typeof statusCode === "number") return isRetryableStatus(statusCode)
    if (typeof code === "string" && (transientCodes.has(code) || code.startsWith("UND_ERR_"))) return true
    if (name === "TimeoutError") return true
    at = cause
  }
  return false
}

/**
 * Milliseconds the server asked to wait, by `retry-after-ms` or `retry-after`: seconds, or a date, which is of the server's
 * clock, as that of its answer. Ours may be hours away.
 */
export function retryAfter(error: unknown): number | undefined {
  const headers = (error as { responseHeaders?: Record<string, string> } | null)?.responseHeaders
  const exact = Number(headers?.["retry-after-ms"] ?? Number.NaN)
  if (exact >= 0) return exact
  const text = headers?.["retry-after"]
  if (text === undefined) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000
  const until = Date.parse(text)
  const answeredAt = Date.parse(headers?.date ?? "")
  return Number.isNaN(until) ? undefined : Math.max(0, until - (answeredAt || Date.now()))
}

function givenUp(error: unknown, attempts: number, asked: number | undefined, longest: number): unknown {
  const why =
    asked !== undefined && asked > longest
      ? `the server asks to wait ${Math.ceil(asked / 1000)} s`
      : `${counted(attempts, "attempt")} failed`
  return new SwirlError(`${errorMessage(error)} (given up: ${why})`, {
    cause: error,
    ...(isSwirlError(error) ? { kind: error.kind } : {}),
  })
}

const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  wait(milliseconds, undefined, { signal }).catch(() => {})
