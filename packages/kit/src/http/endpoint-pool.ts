/**
 * Servers of one kind behind one call, one or many. Calls wait in the order in which they came; the first goes to the
 * endpoint with the fewest in flight of those that take one more. Calls that begin alike go to the same one while it is not
 * much fuller than the others (consistent hashing with bounded loads, Mirrokni et al. 2018), since servers keep prefixes.
 * What a server refuses, or what never reached one, is sent again from here; what it fails with may be the call's own fault
 * and goes to another server, or back to who called. Where no server answers any more, all calls end with one sentence.
 */
import type { EndpointCount } from "@swirl-ts/core"
import { pause } from "@swirl-ts/platform"
import { stopOf } from "../parallel/grace.ts"
import { createEndpoint, type Endpoint, type EndpointTimes, isRefusal, isUnreached, type Request } from "./endpoint.ts"
import { isBack, isDown, isSilent, nobodyAnswers, pauses } from "./endpoint-words.ts"
import { HttpError } from "./http-error.ts"
import { hashOf, mixed } from "./prefix-hash.ts"
import { isTransient } from "./retry.ts"

/** Milliseconds. */
export interface EndpointPoolOptions extends Partial<EndpointTimes> {
  /** Without any answer while requests are in flight, after which those as old are ended; default 60,000, or ten times the longest answer. */
  stall?: number
  /** A line for people: a server that is down, back, silent, or asks to wait. */
  tell?: (line: string) => void
  /** For tests and simulations: the time, and a wait that an abort ends early. */
  now?: () => number
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** From 0 to 1. */
  jitter?: () => number
}

export interface AskOptions {
  /** Calls with the same value begin alike. */
  prefixKey?: string
  abortSignal?: AbortSignal
}

export interface EndpointPool {
  /**
   * `call` is given the number of an endpoint, and a signal that ends it. Throws what no other endpoint can mend, what all
   * that are up have failed with, and a usage error where none answers any more.
   */
  ask<T>(call: (endpoint: number, signal: AbortSignal) => Promise<T>, options?: AskOptions): Promise<T>
  counts(): EndpointCount[]
}

interface Call {
  number: number
  prefixKey: string | undefined
  abortSignal: AbortSignal | undefined
  /** Aborts first where what is in flight may still end: nothing is sent any more. */
  stop: AbortSignal | undefined
  make(endpoint: number, signal: AbortSignal): Promise<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
  /** Endpoints that it has failed at. */
  tried: Set<Endpoint>
  failure?: unknown
  /** How often. */
  refused: number
}

interface InFlight {
  endpoint: Endpoint
  request: Request
  watch: AbortController
}

/** A call that is refused more often goes back to who called: others may be taken meanwhile. */
const mostRefused = 20

const defaultTimes: EndpointTimes = {
  firstRest: 1000,
  longestRest: 60_000,
  patience: 120_000,
  firstPatience: 10_000,
  longestAsked: 600_000,
}

export function createEndpointPool(names: readonly string[], options: EndpointPoolOptions = {}): EndpointPool {
  const { stall = 60_000, tell = () => {}, sleep = wait, jitter = Math.random } = options
  // Of a clock that nobody sets: a jump of hours would be a server that has been silent, or asks to wait, for hours.
  const { now = () => performance.now() } = options
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const times: EndpointTimes = { ...defaultTimes, ...Object.fromEntries(given) }
  const endpoints = names.map((name) => createEndpoint(name, times, jitter))
  const queue: Call[] = []
  const inFlight = new Set<InFlight>()
  let calls = 0
  let timer: { at: number; end: AbortController } | undefined

  function choose({ prefixKey, tried }: Call, at: number): Endpoint | undefined {
    let least: Endpoint | undefined
    for (const endpoint of endpoints) {
      if (tried.has(endpoint)) continue
      // A rest that is over is ended by a request of its own, whatever is preferred.
      if (endpoint.isProbeDue(at)) return endpoint
      if (endpoint.readyAt(at) <= at && (!least || isFreer(endpoint, least))) least = endpoint
    }
    if (!least || prefixKey === undefined) return least
    const most = least.count.inFlight + 1 + least.count.inFlight / 4
    const key = hashOf(prefixKey)
    let preferred = least
    let best = -1
    for (const endpoint of endpoints) {
      if (tried.has(endpoint) || endpoint.count.inFlight > most || endpoint.readyAt(at) > at) continue
      const weight = mixed(endpoint.hash ^ key)
      if (weight > best) [preferred, best] = [endpoint, weight]
    }
    return preferred
  }

  /** Sends what can be sent, ends what waits in vain, and sees to it that it is called again. */
  function go(): void {
    const at = now()
    for (let place = 0; place < queue.length; ) {
      const call = queue[place]!
      const endpoint = choose(call, at)
      if (endpoint) {
        queue.splice(place, 1)
        void send(call, endpoint)
      } else if (call.tried.size === 0) break
      else if (isTriedEverywhere(call)) {
        queue.splice(place, 1)
        call.reject(call.failure)
      } else place++
    }
    if (queue.length > 0 && endpoints.every((endpoint) => endpoint.givenUpAt(at) <= at)) {
      const error = nobodyAnswers(endpoints, at)
      for (const call of queue.splice(0)) call.reject(error)
    }
    endStalled(at)
    sleepUntil(nextLook(at))
  }

  async function send(call: Call, endpoint: Endpoint): Promise<void> {
    const watch = new AbortController()
    const request = endpoint.send(now())
    const flight = { endpoint, request, watch }
    inFlight.add(flight)
    const signal = call.abortSignal ? AbortSignal.any([call.abortSignal, watch.signal]) : watch.signal
    let wasDown = false
    try {
      const result = await call.make(endpoints.indexOf(endpoint), signal)
      wasDown = endpoint.count.isLeftOut
      endpoint.answered(request, now())
      call.resolve(result)
    } catch (error) {
      const at = now()
      wasDown = endpoint.count.isLeftOut
      if (call.stop?.aborted) {
        endpoint.ended(request, at)
        call.reject(call.stop.reason)
      } else if (!isTransient(error)) {
        // It was read and refused: the server is there.
        endpoint.answered(request, at)
        call.reject(error)
      } else if (isRefusal(error)) {
        const before = endpoint.limit.pausedUntil()
        endpoint.refused(request, error, at)
        const until = endpoint.limit.pausedUntil()
        if (until - at >= 5000 && before <= at) tell(pauses(endpoint, until - at))
        if (++call.refused > mostRefused) call.reject(error)
        else sendBack(call)
      } else {
        endpoint.failed(request, error, at)
        call.failure = error
        if (!isUnreached(error)) call.tried.add(endpoint)
        if (isTriedEverywhere(call)) call.reject(error)
        else sendBack(call)
      }
    }
    inFlight.delete(flight)
    if (!wasDown && endpoint.count.isLeftOut) tell(isDown(endpoint, queue.length, endpoint.givenUpAt(now()) - now()))
    if (wasDown && !endpoint.count.isLeftOut) tell(isBack(endpoint))
    go()
  }

  /** Of those that are up. */
  const isTriedEverywhere = ({ tried }: Call): boolean =>
    tried.size > 0 && endpoints.every((each) => tried.has(each) || each.count.isLeftOut)

  /** Before those that came later. */
  function sendBack(call: Call): void {
    const place = queue.findIndex(({ number }) => number > call.number)
    queue.splice(place < 0 ? queue.length : place, 0, call)
  }

  /** Undefined: before its first answer nobody knows how long one takes. */
  const stallOf = ({ longestAnswer }: Endpoint): number | undefined =>
    longestAnswer === undefined ? undefined : Math.max(stall, 10 * longestAnswer)

  function endStalled(at: number): void {
    for (const endpoint of endpoints) {
      const limit = stallOf(endpoint)
      if (limit === undefined || endpoint.count.inFlight === 0 || at - endpoint.heardAt < limit) continue
      const old = [...inFlight].filter((flight) => flight.endpoint === endpoint && at - flight.request.at >= limit)
      if (old.length === 0) continue
      const said = isSilent(endpoint, limit, old.length)
      tell(said)
      for (const { watch } of old) watch.abort(new HttpError(said, { isRetryable: true }))
      endpoint.heardAt = at
    }
  }

  function nextLook(at: number): number {
    let next = Infinity
    for (const endpoint of endpoints) {
      const limit = stallOf(endpoint)
      if (limit !== undefined && endpoint.count.inFlight > 0) next = Math.min(next, endpoint.heardAt + limit)
      if (queue.length === 0) continue
      next = Math.min(next, endpoint.readyAt(at), endpoint.givenUpAt(at))
    }
    // What is over and found nobody to send is looked at when something ends.
    return next
  }

  function sleepUntil(next: number): void {
    if (timer && timer.at <= next && next !== Infinity) return
    timer?.end.abort()
    timer = undefined
    if (next === Infinity) return
    const end = new AbortController()
    timer = { at: next, end }
    void sleep(Math.max(1, next - now()), end.signal).then(() => {
      if (end.signal.aborted) return
      timer = undefined
      go()
    })
  }

  return {
    ask: <T>(
      call: (endpoint: number, signal: AbortSignal) => Promise<T>,
      { prefixKey, abortSignal }: AskOptions = {},
    ): Promise<T> => {
      const stop = stopOf(abortSignal)
      stop?.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const waiting: Call = {
        number: calls++,
        prefixKey,
        abortSignal,
        stop,
        make: call,
        resolve: (result) => resolve(result as T),
        reject,
        tried: new Set(),
        refused: 0,
      }
      queue.push(waiting)
      const onAbort = (): void => {
        const place = queue.indexOf(waiting)
        if (place < 0) return
        queue.splice(place, 1)
        reject(stop!.reason)
        go()
      }
      stop?.addEventListener("abort", onAbort, { once: true })
      go()
      return promise.finally(() => stop?.removeEventListener("abort", onAbort))
    },
    counts: () =>
      endpoints.map(({ count, limit }) => ({ ...count, window: limit.window(now()), pace: limit.pace(now()) })),
  }
}

const isFreer = ({ count: a }: Endpoint, { count: b }: Endpoint): boolean =>
  a.inFlight < b.inFlight || (a.inFlight === b.inFlight && a.requests < b.requests)

const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  pause(milliseconds, undefined, { signal }).catch(() => {})
