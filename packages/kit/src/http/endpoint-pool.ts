/**
 * Several servers of one kind behind one call. A request goes to the endpoint with the fewest in flight; calls that begin
 * alike go to the same one while it is not much fuller than the others (consistent hashing with bounded loads, Mirrokni et
 * al. 2018), since servers keep prefixes. One that fails is left out and tried again later, by one request at a time: that it
 * is down is found once, and not by every call. What it failed on goes to another at once.
 */
import { type EndpointCount, errorMessage, SwirlError } from "@swirl-ts/core"
import { pause } from "@swirl-ts/platform"
import { errorCode } from "../values/error-code.ts"
import { isTransient, retryAfter } from "./retry.ts"

export interface EndpointPoolOptions {
  /** Milliseconds that an endpoint is left out first; doubled each time, up to `longestRest`; default 1,000. */
  firstRest?: number
  /** Default 60,000. */
  longestRest?: number
  /** Milliseconds without any answer, of no endpoint, after which calls fail; default 120,000. */
  patience?: number
  /** For tests and simulations: milliseconds, and a wait that an abort ends early. */
  now?: () => number
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

export interface AskOptions {
  /** Calls with the same value begin alike. */
  prefixKey?: string
  abortSignal?: AbortSignal
}

export interface EndpointPool {
  /**
   * `call` is given the number of an endpoint. Throws what no other endpoint can mend, what all that are up have failed with,
   * and a usage error where none answers any more.
   */
  ask<T>(call: (endpoint: number) => Promise<T>, options?: AskOptions): Promise<T>
  counts(): EndpointCount[]
}

interface Endpoint extends EndpointCount {
  hash: number
  /** Until when it is left out; 0 where it is not. */
  restsUntil: number
  rest: number
  /** It was left out, and a request asks whether it is back. */
  isProbed: boolean
  /** It has answered since it was left out what it was asked before: when its rest is over, it is back. */
  isAlive: boolean
  /** Failures one after another. */
  failedInARow: number
  lastFailure?: unknown
}

/** Failures of one kind that may be the request's own fault, after which an endpoint is left out. */
const mostInARow = 3

export function createEndpointPool(names: readonly string[], options: EndpointPoolOptions = {}): EndpointPool {
  const { firstRest = 1000, longestRest = 60_000, patience = 120_000, now = Date.now, sleep = wait } = options
  const endpoints = names.map(
    (name): Endpoint => ({
      name,
      hash: hashOf(name),
      inFlight: 0,
      requests: 0,
      failures: 0,
      leftOut: 0,
      isLeftOut: false,
      restsUntil: 0,
      rest: firstRest,
      isProbed: false,
      isAlive: false,
      failedInARow: 0,
    }),
  )
  const isAlone = endpoints.length === 1
  let changed = Promise.withResolvers<void>()
  let silentSince: number | undefined

  const mayBeAsked = (endpoint: Endpoint, at: number): boolean =>
    !endpoint.isLeftOut || (endpoint.restsUntil <= at && !endpoint.isProbed)

  function choose(prefixKey: string | undefined, tried: ReadonlySet<Endpoint>): Endpoint | undefined {
    const at = now()
    let least: Endpoint | undefined
    for (const endpoint of endpoints) {
      if (tried.has(endpoint) || !mayBeAsked(endpoint, at)) continue
      if (endpoint.isLeftOut && endpoint.isAlive) takeBack(endpoint)
      // A rest that is over is ended by a request of its own, whatever is preferred.
      if (endpoint.isLeftOut) return endpoint
      if (!least || isFreer(endpoint, least)) least = endpoint
    }
    if (!least || prefixKey === undefined) return least
    const most = least.inFlight + 1 + least.inFlight / 4
    const key = hashOf(prefixKey)
    let preferred = least
    let best = -1
    for (const endpoint of endpoints) {
      if (tried.has(endpoint) || endpoint.isLeftOut || endpoint.inFlight > most) continue
      const weight = mixed(endpoint.hash ^ key)
      if (weight > best) [preferred, best] = [endpoint, weight]
    }
    return preferred
  }

  /** `before`: how often it had been left out when the request was sent. What was under way then ends no rest. */
  function answered(endpoint: Endpoint, before: number): void {
    endpoint.failedInARow = 0
    silentSince = undefined
    endpoint.isAlive = true
    if (before === endpoint.leftOut && endpoint.isLeftOut) takeBack(endpoint)
  }

  function takeBack(endpoint: Endpoint): void {
    Object.assign(endpoint, { isLeftOut: false, restsUntil: 0, rest: firstRest })
    tell()
  }

  function failed(endpoint: Endpoint, error: unknown, before: number): void {
    endpoint.failures++
    endpoint.failedInARow++
    endpoint.lastFailure = error
    if (isAlone || before !== endpoint.leftOut) return
    if (!endpoint.isLeftOut && !isOfServer(error) && endpoint.failedInARow < mostInARow) return
    if (endpoint.isLeftOut) endpoint.rest = Math.min(longestRest, 2 * endpoint.rest)
    endpoint.isLeftOut = true
    endpoint.isAlive = false
    endpoint.leftOut++
    endpoint.restsUntil = now() + Math.max(endpoint.rest, retryAfter(error) ?? 0)
    if (endpoints.every(({ isLeftOut }) => isLeftOut)) silentSince ??= now()
    tell()
  }

  function tell(): void {
    changed.resolve()
    changed = Promise.withResolvers()
  }

  /** Until an endpoint may be asked again; throws where all have been silent for too long. */
  async function untilOneMayBeAsked(signal: AbortSignal | undefined): Promise<void> {
    const at = now()
    if (silentSince !== undefined && at - silentSince >= patience) throw silent(endpoints, patience)
    const wakes = endpoints.filter(({ isProbed }) => !isProbed).map(({ restsUntil }) => restsUntil - at)
    const woken = new AbortController()
    const signals = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal
    const waits = wakes.length > 0 ? [sleep(Math.max(1, Math.min(...wakes)), signals)] : []
    await Promise.race([...waits, changed.promise, ...(signal ? [aborted(signal, woken.signal)] : [])])
    woken.abort()
  }

  return {
    async ask(call, { prefixKey, abortSignal } = {}) {
      const tried = new Set<Endpoint>()
      for (let last: unknown; ; ) {
        abortSignal?.throwIfAborted()
        const endpoint = choose(prefixKey, tried)
        if (!endpoint) {
          if (tried.size > 0) throw last
          await untilOneMayBeAsked(abortSignal)
          continue
        }
        const before = endpoint.leftOut
        const isProbe = endpoint.isLeftOut
        if (isProbe) endpoint.isProbed = true
        endpoint.inFlight++
        endpoint.requests++
        try {
          const result = await call(endpoints.indexOf(endpoint))
          answered(endpoint, before)
          return result
        } catch (error) {
          abortSignal?.throwIfAborted()
          if (!isTransient(error)) {
            // It was read and refused: the server is there.
            answered(endpoint, before)
            throw error
          }
          failed(endpoint, error, before)
          tried.add(endpoint)
          last = error
        } finally {
          endpoint.inFlight--
          if (isProbe) {
            endpoint.isProbed = false
            tell()
          }
        }
      }
    },
    counts: () =>
      endpoints.map(({ name, requests, failures, inFlight, leftOut, isLeftOut }) => ({
        name,
        requests,
        failures,
        inFlight,
        leftOut,
        isLeftOut,
      })),
  }
}

const isFreer = (a: Endpoint, b: Endpoint): boolean =>
  a.inFlight < b.inFlight || (a.inFlight === b.inFlight && a.requests < b.requests)

/** No connection, or a status that says that others would fare no better. */
function isOfServer(error: unknown): boolean {
  const { statusCode, cause } = (error ?? {}) as { statusCode?: number; cause?: unknown }
  if (statusCode !== undefined) return [429, 502, 503, 504].includes(statusCode)
  return (errorCode(error) ?? errorCode(cause)) !== undefined
}

function silent(endpoints: readonly Endpoint[], patience: number): SwirlError {
  const said = endpoints.map(({ name, lastFailure }) => {
    const message = errorMessage(lastFailure)
    return message.includes(name) ? message : `${name}: ${message}`
  })
  return new SwirlError(
    `None of ${endpoints.length} servers has answered for ${Math.round(patience / 1000)} s. ${said.join(" ")} What is done is on disk: run the command again when one of them is back.`,
    { kind: "usage", cause: endpoints.at(-1)?.lastFailure },
  )
}

const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  pause(milliseconds, undefined, { signal }).catch(() => {})

const aborted = (signal: AbortSignal, end: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true, signal: end }))

/** 32 bits (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  return hash >>> 0
}

/** All bits of the input in all of the output (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
