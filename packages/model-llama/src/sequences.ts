/**
 * A pool of sequences, each with its own key-value cache. A call takes the free sequence that shares the longest
 * beginning with its prompt, so the next step of a conversation feeds only its new ids; calls wait in order.
 */
export interface CachedSequence {
  readonly contextTokens: readonly number[]
}

export interface SequencePool<S> {
  /** Runs `use` alone on a sequence. */
  with<T>(prompt: readonly number[], use: (sequence: S) => Promise<T>): Promise<T>
}

export function sharedLength(a: readonly number[], b: readonly number[]): number {
  const limit = Math.min(a.length, b.length)
  let length = 0
  while (length < limit && a[length] === b[length]) length++
  return length
}

export function createSequencePool<S extends CachedSequence>(sequences: readonly S[]): SequencePool<S> {
  // Least recently used first: among equals, the stalest cache is given away.
  const free = [...sequences]
  const waiting: { prompt: readonly number[]; hand: (sequence: S) => void }[] = []

  const take = (prompt: readonly number[]): S => {
    let best = 0
    let length = -1
    free.forEach((sequence, index) => {
      const shared = sharedLength(sequence.contextTokens, prompt)
      if (shared > length) [best, length] = [index, shared]
    })
    return free.splice(best, 1)[0]!
  }

  return {
    with: async (prompt, use) => {
      const sequence = free.length > 0 ? take(prompt) : await new Promise<S>((hand) => waiting.push({ prompt, hand }))
      try {
        return await use(sequence)
      } finally {
        free.push(sequence)
        const next = waiting.shift()
        next?.hand(take(next.prompt))
      }
    },
  }
}
