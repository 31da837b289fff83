/**
 * Pools of endpoints in a process that asks another one, their owner, when a call may be sent. The requests are its own, so
 * an answer is here at once; only what failed waits for the owner's word. Counts are of this process; what a server takes is
 * what all processes together found out.
 */
import type { EndpointCount } from "@swirl-ts/core"
import { stopOf } from "../parallel/grace.ts"
import { isRefusal } from "./endpoint.ts"
import type { AskOptions, EndpointPool } from "./endpoint-pool.ts"
import { HttpError } from "./http-error.ts"
import { type EndpointState, endHeard, type FromPoolOwner, failureTold, type ToPoolOwner } from "./pool-messages.ts"
import { isTransient } from "./retry.ts"

export interface MemberPools {
  open(key: string, names: readonly string[]): EndpointPool
  hear(message: FromPoolOwner): void
}

interface MemberCall {
  send(endpoint: number, state: EndpointState): void
  end(message: string): void
  reject(error: unknown): void
  failures: unknown[]
}

export function createMemberPools(tell: (message: ToPoolOwner) => void): MemberPools {
  const calls = new Map<number, MemberCall>()
  const pools = new Map<string, MemberCounts>()
  let asked = 0

  /** Sent when the owner says so, as often as it says so; ends by its answer, its stop, or what the owner makes of its failures. */
  async function ask<T>(
    make: (endpoint: number, signal: AbortSignal) => Promise<T>,
    { abortSignal, prefixKey, pool, counts }: AskOptions & { pool: string; counts: MemberCounts },
  ): Promise<T> {
    const stop = stopOf(abortSignal)
    stop?.throwIfAborted()
    const call = asked++
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const failures: unknown[] = []
    /** Of the request that is under way. */
    let watch: AbortController | undefined
    const leave = (): void => {
      tell({ kind: "left", call })
      reject(stop?.reason)
    }
    const fail = (error: unknown, endpoint: number): void => {
      if (stop?.aborted) leave()
      else if (isTransient(error)) {
        counts.failed(endpoint, error)
        failures.push(error)
        tell({ kind: "failed", call, failure: failureTold(error) })
      } else {
        // It was read and refused: the server is there.
        reject(error)
        tell({ kind: "answered", call })
      }
    }
    const send = async (endpoint: number, state: EndpointState): Promise<void> => {
      counts.know(endpoint, state)
      counts.sent(endpoint)
      watch = new AbortController()
      const signal = abortSignal ? AbortSignal.any([abortSignal, watch.signal]) : watch.signal
      const ended = (): void => {
        watch = undefined
        counts.ended(endpoint)
      }
      try {
        const result = await make(endpoint, signal)
        ended()
        resolve(result)
        tell({ kind: "answered", call })
      } catch (error) {
        ended()
        fail(error, endpoint)
      }
    }
    const onStop = (): void => {
      // What is under way may still end.
      if (!watch) leave()
    }
    const end = (message: string): void => watch?.abort(new HttpError(message, { isRetryable: true }))
    calls.set(call, { failures, reject, send: (endpoint, state) => void send(endpoint, state), end })
    stop?.addEventListener("abort", onStop, { once: true })
    tell({ kind: "ask", pool, call, prefixKey })
    return promise.finally(() => {
      stop?.removeEventListener("abort", onStop)
      calls.delete(call)
    })
  }

  return {
    open(key, names) {
      const counts = createMemberCounts(names)
      pools.set(key, counts)
      tell({ kind: "open", pool: key, names: [...names] })
      return {
        counts: counts.all,
        ask: (make, { abortSignal, prefixKey } = {}) =>
          // Of a single server it changes nothing.
          ask(make, { abortSignal, prefixKey: names.length > 1 ? prefixKey : undefined, pool: key, counts }),
      }
    },
    hear(message) {
      if (message.kind === "states") {
        for (const [endpoint, state] of message.states.entries()) pools.get(message.pool)?.know(endpoint, state)
        return
      }
      // Of one that was left meanwhile its owner knows already.
      const call = calls.get(message.call)
      if (message.kind === "send") call?.send(message.endpoint, message.state)
      else if (message.kind === "end") call?.end(message.message)
      else if (message.kind === "rejected") call?.reject(call.failures[message.failure])
      else call?.reject(endHeard(message))
    },
  }
}

interface MemberCounts {
  all(): EndpointCount[]
  know(endpoint: number, state: EndpointState): void
  sent(endpoint: number): void
  ended(endpoint: number): void
  failed(endpoint: number, error: unknown): void
}

function createMemberCounts(names: readonly string[]): MemberCounts {
  const none = { requests: 0, failures: 0, refused: 0, leftOut: 0, inFlight: 0, isLeftOut: false }
  const counts = names.map((name) => ({ name, ...none }))
  /** How often each had been left out before this process heard of it. */
  const before: (number | undefined)[] = []
  return {
    all: () => counts.map((count) => ({ ...count })),
    know(endpoint, { leftOut, isLeftOut, window, pace }) {
      before[endpoint] ??= leftOut
      Object.assign(counts[endpoint]!, { isLeftOut, window, pace, leftOut: leftOut - before[endpoint] })
    },
    sent(endpoint) {
      counts[endpoint]!.requests++
      counts[endpoint]!.inFlight++
    },
    ended(endpoint) {
      counts[endpoint]!.inFlight--
    },
    failed(endpoint, error) {
      counts[endpoint]!.failures++
      if (isRefusal(error)) counts[endpoint]!.refused++
    },
  }
}
