/** So many a second. What comes at once may exceed that, and is paid for by those who come after. */
export interface RateLimit {
  /** Takes `count`; else says in how many seconds it would. */
  take(count: number): { retryAfter?: number }
}

export function rateLimit(perSecond: number, now: () => number = () => performance.now() / 1000): RateLimit {
  let left = perSecond
  let since = now()
  return {
    take(count) {
      const time = now()
      left = Math.min(perSecond, left + (time - since) * perSecond)
      since = time
      // A little less is one, too: times are no whole numbers.
      if (left < 1 - 1e-6) return { retryAfter: Math.max(1, Math.ceil((1 - left) / perSecond)) }
      left -= count
      return {}
    },
  }
}
