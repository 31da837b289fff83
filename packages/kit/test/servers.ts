/** What simulated servers take, by their own clock in milliseconds. */

/** Milliseconds that it asks to wait; undefined: it takes the request. */
export type Admit = (now: number, inFlight: number) => number | undefined

/** So many a second, and `burst` at once after a while. */
export function bucket(rate: () => number, burst: number): Admit {
  let tokens = burst
  let at = 0
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - at) * rate()) / 1000)
    at = now
    if (tokens < 1) return ((1 - tokens) / rate()) * 1000
    tokens--
    return undefined
  }
}

/** So many in each span of time. */
export function perSpan(count: number, milliseconds: number): Admit {
  let start = 0
  let taken = 0
  return (now) => {
    const begun = Math.floor(now / milliseconds)
    if (begun !== start) [start, taken] = [begun, 0]
    if (taken === count) return (start + 1) * milliseconds - now
    taken++
    return undefined
  }
}

export const atOnce =
  (most: number): Admit =>
  (_now, inFlight) =>
    inFlight < most ? undefined : 1000
