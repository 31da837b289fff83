/** Calls that share places: at most `limit` run at once, the others wait their turn, first come, first served. */
export type Limiter = <T>(call: () => Promise<T>) => Promise<T>

/** Calls through the returned function keep to `limit` together; each gives or throws what it would alone. */
export function createLimiter(limit: number): Limiter {
  const waiting: (() => void)[] = []
  let running = 0
  return async (call) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await call()
    } finally {
      // The place is handed on, or given back.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
