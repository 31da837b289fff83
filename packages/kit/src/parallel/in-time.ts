/**
 * Work with a deadline. The work is told by its signal, when it is late as when the caller aborts; being late fails at once,
 * even where the work does not listen, while after an abort the work itself is what ends, or its grace.
 */
export interface InTimeOptions {
  /** Infinity: no deadline. */
  milliseconds: number
  /** What is said of work that is late. */
  late: string
  abortSignal?: AbortSignal
  /** Milliseconds that the work has for an end of its own after an abort; default: as long as it takes. */
  grace?: number
  /** False: a process with nothing else to do need not live until the deadline. */
  keepsAlive?: boolean
}

/** What `work` gives; throws an Error that says `late`, or what the work threw, or the abort's reason after its grace. */
export async function inTime<T>(
  work: (signal: AbortSignal) => T | PromiseLike<T>,
  { milliseconds, late, abortSignal, grace = Number.POSITIVE_INFINITY, keepsAlive = true }: InTimeOptions,
): Promise<T> {
  const limit = new AbortController()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const timers: NodeJS.Timeout[] = []
  const after = (pause: number, then: () => void): void => {
    // Timers know no longer delay, and run at once instead.
    if (pause < 2 ** 31) timers.push(setTimeout(then, pause))
  }
  after(milliseconds, () => {
    const error = new Error(late)
    reject(error)
    limit.abort(error)
  })
  if (!keepsAlive) timers[0]?.unref()
  // Passed on by hand: what AbortSignal.any makes lives until the next full collection of garbage.
  const onAbort = (): void => {
    after(grace, () => reject(abortSignal!.reason))
    limit.abort(abortSignal!.reason)
  }
  if (abortSignal?.aborted) onAbort()
  else abortSignal?.addEventListener("abort", onAbort, { once: true })
  try {
    return await Promise.race([work(limit.signal), ended])
  } finally {
    timers.forEach(clearTimeout)
    abortSignal?.removeEventListener("abort", onAbort)
  }
}
