/** What is said of a stage while it runs: how much is done, how fast, how long it will take, and what is asked of servers. */
import type { Progress } from "@swirl-ts/stages"

export interface ProgressLine {
  see(progress: Progress, now: number): void
  /** Of the newest that was seen; what servers are asked is as of now. `isShort`: the end may be cut off. */
  text(now: number, isShort?: boolean): string
  isFinished(): boolean
  isAsking(): boolean
  /** `generate calc: 37 of 100 are done`; undefined of one that is finished, or of which nobody knows the whole. */
  unfinished(): string | undefined
}

/** Milliseconds that the rate is of. */
const span = 30_000

export function createProgressLine(first: Progress): ProgressLine {
  let newest = first
  let seen: { at: number; done: number }[] = []

  const speed = (now: number): string[] => {
    const oldest = seen[0]
    if (!oldest || now - oldest.at < 2000) return []
    const rate = (1000 * (newest.done - oldest.done)) / (now - oldest.at)
    const { total } = newest
    const left = total === undefined || rate <= 0 ? undefined : (total - newest.done) / rate
    return [`${rate.toFixed(rate < 10 ? 1 : 0)}/s`, ...(left ? [`${duration(left)} left`] : [])]
  }
  return {
    see(progress, now) {
      newest = progress
      const last = seen.at(-1)
      if (last && now - last.at < 1000) return
      seen = [...seen.filter(({ at }) => at >= now - span), { at: now, done: progress.done }]
    },
    text(now, isShort = false) {
      const { stage, done, total, detail, requests } = newest
      const asked = requests?.()
      const count = `${stage} ${done}${total === undefined ? "" : `/${total}`}`
      const ofRequests = asked ? [[...speed(now), asked].join(", ")] : []
      const details = detail ? [detail] : []
      return [count, ...(isShort ? [...ofRequests, ...details] : [...details, ...ofRequests])].join(" · ")
    },
    isAsking: () => newest.requests?.() !== undefined,
    isFinished: () => newest.total !== undefined && newest.done >= newest.total,
    unfinished() {
      const { stage, done, total } = newest
      return total === undefined || done >= total ? undefined : `${stage}: ${done} of ${total} are done`
    },
  }
}

/** `40 s`, `12 min`, `3.5 h`. */
function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
