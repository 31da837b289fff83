/**
 * The pools of all processes of one command, in one of them. A call of a member waits in the same line as every other, and
 * counts as in flight from when it is told to send until it tells how that ended. Invariant: a member that is gone holds
 * nothing: its calls leave the line, and what it had in flight has ended.
 */
import { errorMessage, isSwirlError } from "@swirl-ts/core"
import { createEndpointPool, type EndpointPool, type EndpointPoolOptions } from "./endpoint-pool.ts"
import { type EndpointState, type FromPoolOwner, failureHeard, type ToPoolOwner } from "./pool-messages.ts"

export interface PoolMember {
  hear(message: ToPoolOwner): void
  /** The process has ended, however. */
  gone(): void
}

export interface PoolOwner {
  /** `send` tells the process, and may fail silently where it is gone. */
  admit(send: (message: FromPoolOwner) => void): PoolMember
}

interface MemberCall {
  left: AbortController
  failures: unknown[]
  /** Of the request that is under way. */
  answered?(): void
  failed?(error: unknown): void
}

/** `tell` is told what all servers do, once and not by each process. */
export function createPoolOwner({ tell = () => {}, ...options }: EndpointPoolOptions = {}): PoolOwner {
  const pools = new Map<string, EndpointPool>()
  const members = new Set<(message: FromPoolOwner) => void>()

  function open(key: string, names: readonly string[]): void {
    if (pools.has(key)) return
    const pool = createEndpointPool(names, {
      ...options,
      tell: (line) => {
        tell(line)
        // What is said to people are changes, which members that wait would hear of late.
        const states = pool.counts().map(stateOf)
        for (const send of members) send({ kind: "states", pool: key, states })
      },
    })
    pools.set(key, pool)
  }

  return {
    admit(send) {
      const calls = new Map<number, MemberCall>()
      members.add(send)

      async function ask(number: number, pool: EndpointPool, prefixKey: string | undefined): Promise<void> {
        const call: MemberCall = { left: new AbortController(), failures: [] }
        calls.set(number, call)
        try {
          await pool.ask((endpoint, signal) => request(number, call, { pool, endpoint, signal }), {
            prefixKey,
            abortSignal: call.left.signal,
          })
        } catch (error) {
          if (call.left.signal.aborted) return
          const failure = call.failures.indexOf(error)
          if (failure >= 0) send({ kind: "rejected", call: number, failure })
          else {
            const errorKind = isSwirlError(error) ? error.kind : "failed"
            send({ kind: "ended", call: number, message: errorMessage(error), errorKind })
          }
        } finally {
          calls.delete(number)
        }
      }

      /** Lasts until the member tells how it ended, or is gone. */
      function request(
        number: number,
        call: MemberCall,
        { pool, endpoint, signal }: { pool: EndpointPool; endpoint: number; signal: AbortSignal },
      ): Promise<void> {
        const { promise, resolve, reject } = Promise.withResolvers<void>()
        call.answered = resolve
        call.failed = reject
        const onAbort = (): void => {
          if (call.left.signal.aborted) reject(call.left.signal.reason)
          else send({ kind: "end", call: number, message: String((signal.reason as Error).message) })
        }
        signal.addEventListener("abort", onAbort, { once: true })
        send({ kind: "send", call: number, endpoint, state: stateOf(pool.counts()[endpoint]!) })
        return promise.finally(() => signal.removeEventListener("abort", onAbort))
      }

      const leave = (call: MemberCall | undefined): void => call?.left.abort(new Error("its caller waits no more"))

      return {
        hear(message) {
          if (message.kind === "open") return open(message.pool, message.names)
          if (message.kind === "ask") return void ask(message.call, pools.get(message.pool)!, message.prefixKey)
          const call = calls.get(message.call)
          if (message.kind === "left") leave(call)
          else if (message.kind === "answered") call?.answered?.()
          else if (call) {
            const failure = failureHeard(message.failure)
            call.failures.push(failure)
            call.failed?.(failure)
          }
        },
        gone() {
          members.delete(send)
          for (const call of calls.values()) leave(call)
        },
      }
    },
  }
}

const stateOf = ({ leftOut, isLeftOut, window, pace }: EndpointState): EndpointState => ({
  leftOut,
  isLeftOut,
  window,
  pace,
})
