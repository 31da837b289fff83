/**
 * Pools of endpoints in a process that asks another one, their owner, when a call may be sent. The requests are its own, so
 * an answer is here at once; only what failed waits for the owner's word. Counts are of this process; what a server takes is
 * what all processes together found out.
 */
import type { EndpointCount } from "@swirl-ts/core"
import { stopOf } from "../parallel/grace.ts"
import { isRefusal } from "./endpoint.ts"
import type { EndpointPool } from "./endpoint-pool.ts"
import { HttpError } from "./http-error.ts"
import { type EndpointState, endHeard, type FromPoolOwner, failureTold, type ToPoolOwner } from "./pool-messages.ts"
import { isTransient } from "./retry.ts"

export interface MemberPools {
  open(key: string, names: readonly string[]): EndpointPool
  hear(message: FromPoolOwner): void
}

interface WaitingCall {
  send(endpoint: number, state: EndpointState): void
  end(message: string): void
  reject(error: unknown): void
  failures: unknown[]
}

export function createMemberPools(tell: (message: ToPoolOwner) => void): MemberPools {
  const calls = new Map<number, WaitingCall>()
  const known = new Map<string, (endpoint: number, state: EndpointState) => void>()
  let asked = 0

  return {
    open(key, names) {
      tell({ kind: "open", pool: key, names: [...names] })
      const counts = names.map(
        (name): EndpointCount => ({
          name,
          requests: 0,
          failures: 0,
          refused: 0,
          leftOut: 0,
          inFlight: 0,
          isLeftOut: false,
        }),
      )
      /** How often each had been left out before this process heard of it. */
      const before: (number | undefined)[] = names.map(() => undefined)
      const know = (endpoint: number, { leftOut, ...state }: EndpointState): void => {
        before[endpoint] ??= leftOut
        Object.assign(counts[endpoint]!, state, { leftOut: leftOut - before[endpoint] })
      }
      known.set(key, know)
      return {
        counts: () => counts.map((count) => ({ ...count })),
        ask: async <T>(
          make: (endpoint: number, signal: AbortSignal) => Promise<T>,
          { prefixKey, abortSignal }: { prefixKey?: string; abortSignal?: AbortSignal } = {},
        ): Promise<T> => {
          const stop = stopOf(abortSignal)
          stop?.throwIfAborted()
          const number = asked++
          const { promise, resolve, reject } = Promise.withResolvers<T>()
          const failures: unknown[] = []
          let watch: AbortController | undefined
          const leave = (): void => {
            tell({ kind: "left", call: number })
            reject(stop?.reason)
          }

          async function send(endpoint: number, state: EndpointState): Promise<void> {
            know(endpoint, state)
            const count = counts[endpoint]!
            watch = new AbortController()
            const signal = abortSignal ? AbortSignal.any([abortSignal, watch.signal]) : watch.signal
            count.requests++
            count.inFlight++
            const over = (): void => {
              watch = undefined
              count.inFlight--
            }
            try {
              const result = await make(endpoint, signal)
              over()
              resolve(result)
              tell({ kind: "answered", call: number })
            } catch (error) {
              over()
              if (stop?.aborted) leave()
              else if (isTransient(error)) {
                count.failures++
                if (isRefusal(error)) count.refused = (count.refused ?? 0) + 1
                failures.push(error)
                tell({ kind: "failed", call: number, failure: failureTold(error) })
              } else {
                // It was read and refused: the server is there.
                reject(error)
                tell({ kind: "answered", call: number })
              }
            }
          }

          const onStop = (): void => {
            // What is under way may still end.
            if (!watch) leave()
          }
          calls.set(number, {
            failures,
            reject,
            send: (endpoint, state) => void send(endpoint, state),
            end: (message) => watch?.abort(new HttpError(message, { isRetryable: true })),
          })
          stop?.addEventListener("abort", onStop, { once: true })
          tell({ kind: "ask", pool: key, call: number, prefixKey: names.length > 1 ? prefixKey : undefined })
          return promise.finally(() => {
            stop?.removeEventListener("abort", onStop)
            calls.delete(number)
          })
        },
      }
    },
    hear(message) {
      if (message.kind === "states") {
        for (const [endpoint, state] of message.states.entries()) known.get(message.pool)?.(endpoint, state)
        return
      }
      // One that was left meanwhile is told to its owner already.
      const call = calls.get(message.call)
      if (message.kind === "send") call?.send(message.endpoint, message.state)
      else if (message.kind === "end") call?.end(message.message)
      else if (message.kind === "rejected") call?.reject(call.failures[message.failure])
      else call?.reject(endHeard(message))
    },
  }
}
