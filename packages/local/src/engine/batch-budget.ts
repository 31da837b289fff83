/**
 * Micro-batches that get smaller where memory runs out: the same sums in more, smaller parts. Invariant: it is said, and
 * the smaller size is kept, so a training meets the limit once.
 */
import { errorMessage, SwirlError } from "@swirl-ts/core"

/** Padded tokens; less than a question has would only move the end. */
const least = 64

export interface BatchBudget {
  /** Runs `attempt` with the budget, and with half of it after `undo` where memory runs out. */
  run<T>(attempt: (tokenBudget: number) => T, undo?: () => void): T
}

export function createBatchBudget(tokenBudget: number, log: (line: string) => void = () => {}): BatchBudget {
  let budget = tokenBudget
  return {
    run(attempt, undo) {
      for (;;) {
        try {
          return attempt(budget)
        } catch (cause) {
          undo?.()
          if (!isOutOfMemory(cause)) throw cause
          const smaller = Math.floor(budget / 2)
          if (smaller < least) {
            throw new SwirlError(
              `Memory ran out with micro-batches of ${budget} tokens, the smallest that are tried: ${errorMessage(cause)} Train with shorter states or actions, or a smaller model.`,
              { cause },
            )
          }
          log(`Memory ran out with micro-batches of ${budget} tokens; going on with ${smaller}.`)
          budget = smaller
        }
      }
    },
  }
}

/** As TensorFlow, WebAssembly and V8 say it. */
const isOutOfMemory = (error: unknown): boolean =>
  /\bOOM\b|out of memory|resource exhausted|allocation failed|failed to allocate|memory access out of bounds|cannot enlarge memory/i.test(
    errorMessage(error),
  )
