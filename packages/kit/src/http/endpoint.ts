/**
 * One server as its callers know it: what is in flight, what became of what was sent, how much it takes, and whether it is
 * up. One that fails is left out and asked again later, by one request at a time: that it is down is found once, and not by
 * every call. It has no clock of its own.
 */
import type { EndpointCount } from "@swirl-ts/core"
import { errorCode } from "../values/error-code.ts"
import { createEndpointLimit, type EndpointLimit, type Sent } from "./endpoint-limit.ts"
import { hashOf } from "./prefix-hash.ts"
import { retryAfter } from "./retry.ts"

/** Milliseconds. */
export interface EndpointTimes {
  /** That it is left out first; doubled each time, up to `longestRest`. */
  firstRest: number
  longestRest: number
  /** Without any answer, after which calls end. */
  patience: number
  /** The same before its first answer: an address may be wrong. */
  firstPatience: number
  /** A Retry-After, or several in a row, that are waited for; beyond it calls end. */
  longestAsked: number
}

export interface Endpoint {
  readonly name: string
  readonly hash: number
  readonly limit: EndpointLimit
  readonly count: EndpointCount
  /** When it last said anything, or was asked first after it had nothing to say. */
  heardAt: number
  /** The longest it has taken for an answer. */
  longestAnswer: number | undefined
  lastFailure: unknown
  /** Since when it has failed or refused alone. */
  silentSince: number | undefined
  /** From when it may be asked; Infinity: not before one in flight ends. */
  readyAt(now: number): number
  isProbeDue(now: number): boolean
  send(now: number): Request
  /** It was an answer to what was asked, and no refusal of it. */
  answered(request: Request, now: number): void
  refused(request: Request, error: unknown, now: number): void
  failed(request: Request, error: unknown, now: number): void
  /** Its caller has aborted it. */
  ended(request: Request, now: number): void
  /** When waiting for it is in vain; Infinity while it is not known to be down. */
  givenUpAt(now: number): number
}

export interface Request extends Sent {
  /** How often the server had been left out when it was sent. */
  leftOut: number
  isProbe: boolean
}

/** Failures one after another, each of which may be its request's own fault, after which an endpoint is left out. */
const mostInARow = 3

export function createEndpoint(name: string, times: EndpointTimes, jitter: () => number): Endpoint {
  const limit = createEndpointLimit(jitter)
  const count: EndpointCount = { name, requests: 0, failures: 0, refused: 0, leftOut: 0, inFlight: 0, isLeftOut: false }
  let restsUntil = 0
  let rest = times.firstRest
  let isProbed = false
  /** It has answered since it was left out what it was asked before: when its rest is over, it is back. */
  let isAlive = false
  let failedInARow = 0
  let hasAnswered = false
  /** The newest refusal said when to come back. */
  let isAsked = false

  const takeBack = (): void => {
    count.isLeftOut = false
    restsUntil = 0
    rest = times.firstRest
  }
  const end = (request: Request, now: number): void => {
    count.inFlight--
    endpoint.heardAt = now
    if (request.isProbe) isProbed = false
  }

  const endpoint: Endpoint = {
    name,
    hash: hashOf(name),
    limit,
    count,
    heardAt: 0,
    longestAnswer: undefined,
    lastFailure: undefined,
    silentSince: undefined,
    readyAt(now) {
      if (!count.isLeftOut) return limit.readyAt(now)
      return isProbed ? Infinity : Math.max(restsUntil, limit.pausedUntil())
    },
    isProbeDue(now) {
      if (!count.isLeftOut || endpoint.readyAt(now) > now) return false
      if (isAlive) takeBack()
      return count.isLeftOut
    },
    send(now) {
      if (count.inFlight === 0) endpoint.heardAt = now
      count.inFlight++
      count.requests++
      if (count.isLeftOut) isProbed = true
      return { ...limit.send(now), leftOut: count.leftOut, isProbe: count.isLeftOut }
    },
    answered(request, now) {
      end(request, now)
      limit.answered(request, now)
      endpoint.longestAnswer = Math.max(endpoint.longestAnswer ?? 0, now - request.at)
      failedInARow = 0
      hasAnswered = true
      isAlive = true
      endpoint.silentSince = undefined
      if (request.leftOut === count.leftOut && count.isLeftOut) takeBack()
    },
    refused(request, error, now) {
      end(request, now)
      const asked = retryAfter(error)
      limit.refused(request, now, asked)
      isAsked = asked !== undefined
      count.failures++
      count.refused = (count.refused ?? 0) + 1
      endpoint.lastFailure = error
      // It is there, and says when to come back.
      if (request.leftOut === count.leftOut && count.isLeftOut) takeBack()
      if (limit.isClosed()) endpoint.silentSince ??= now
    },
    failed(request, error, now) {
      end(request, now)
      limit.ended(now)
      count.failures++
      failedInARow++
      endpoint.lastFailure = error
      if (request.leftOut !== count.leftOut) return
      if (!count.isLeftOut && !isUnreached(error) && failedInARow < mostInARow) return
      if (count.isLeftOut) rest = Math.min(times.longestRest, 2 * rest)
      count.isLeftOut = true
      isAlive = false
      count.leftOut++
      restsUntil = now + rest * (1 + 0.1 * jitter())
      endpoint.silentSince ??= now
    },
    ended(request, now) {
      end(request, now)
      limit.ended(now)
    },
    givenUpAt(now) {
      const { silentSince } = endpoint
      if (limit.pausedUntil() - now > times.longestAsked) return now
      if (silentSince === undefined) return Infinity
      if (count.isLeftOut) return silentSince + (hasAnswered ? times.patience : times.firstPatience)
      if (!limit.isClosed() || count.inFlight > 0) return Infinity
      const asked = isAsked ? Math.min(limit.pausedUntil(), silentSince + times.longestAsked) : 0
      return Math.max(silentSince + times.patience, asked)
    },
  }
  return endpoint
}

/** The server is there and takes no more for now: the same request is taken later. */
export const isRefusal = (error: unknown): boolean => [429, 503, 529].includes(statusOf(error) ?? 0)

/** The request has reached nobody, so it is at no fault. */
export function isUnreached(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: unknown }
  return unreached.has(errorCode(error) ?? errorCode(cause) ?? "")
}

const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number } | null)?.statusCode

const unreached = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN"])
