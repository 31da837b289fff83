/**
 * Work with a deadline. The work is told by its signal, when it is late as when the caller aborts; being late fails at once,
 * even where the work does not listen, while after an abort the work itself is what ends.
 */
export interface InTimeOptions {
  /** Infinity: no deadline. */
  milliseconds: number
  /** What is said of work that is late. */
  late: string
  abortSignal?: AbortSignal
}

/** What `work` gives; throws an Error that says `late`, or what the work threw. */
export async function inTime<T>(
  work: (signal: AbortSignal) => T | PromiseLike<T>,
  { milliseconds, late, abortSignal }: InTimeOptions,
): Promise<T> {
  const limit = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    // Timers know no longer delay, and run at once instead.
    if (milliseconds >= 2 ** 31) return
    timer = setTimeout(() => {
      const error = new Error(late)
      reject(error)
      limit.abort(error)
    }, milliseconds)
  })
  try {
    const signal = abortSignal ? AbortSignal.any([abortSignal, limit.signal]) : limit.signal
    return await Promise.race([work(signal), deadline])
  } finally {
    clearTimeout(timer)
  }
}
