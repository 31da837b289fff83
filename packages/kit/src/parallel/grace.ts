/**
 * A stop in two parts: nothing new begins at once, and what is under way has a while to end by itself, since its answer is
 * paid for already. Invariant: `stopOf` of such a signal is the stop, and of any other signal that signal itself.
 */
export interface GraceOptions {
  /** Begins the while. */
  stop: AbortSignal
  /** Ends everything at once. */
  now: AbortSignal
  milliseconds: number
}

const stops = new WeakMap<AbortSignal, AbortSignal>()

/** For what is under way: aborts so long after `stop`, by its reason, and with `now` at once. */
export function withGrace({ stop, now, milliseconds }: GraceOptions): AbortSignal {
  const over = new AbortController()
  const begin = (): void => {
    // A process that has nothing else to do ends before.
    setTimeout(() => over.abort(stop.reason), milliseconds).unref()
  }
  if (stop.aborted) over.abort(stop.reason)
  else stop.addEventListener("abort", begin, { once: true })
  const signal = AbortSignal.any([now, over.signal])
  stops.set(signal, AbortSignal.any([now, stop]))
  return signal
}

/** As `signal` for what is under way; for what would begin, `stop` ends it as well. */
export function withStop(signal: AbortSignal | undefined, stop: AbortSignal): AbortSignal {
  const own = AbortSignal.any(signal ? [signal] : [])
  stops.set(own, AbortSignal.any(signal ? [stopOf(signal), stop] : [stop]))
  return own
}

/** For what would begin: aborts with the stop. */
export const stopOf = <S extends AbortSignal | undefined>(signal: S): S | AbortSignal =>
  (signal && stops.get(signal)) ?? signal
