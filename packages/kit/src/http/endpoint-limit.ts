/**
 * How much is asked of one server: how many requests are in flight (its window) and how many are sent a second (its pace).
 * Both start open and slow, fall to what the server was seen to take when it refuses (429, 503), and rise again with every
 * answer: additive increase, multiplicative decrease. Invariant: nothing is sent before a Retry-After is over, and never
 * more is in flight than the window. It has no clock: every call is told the time, in milliseconds.
 */
import { createRefusalWaves } from "./refusal-waves.ts"

/** What is remembered of a request until it ends. */
export interface Sent {
  at: number
  /** Refusals are told apart by it: of one wave only the first lowers anything. */
  wave: number
  /** In flight with it, itself included. */
  inFlight: number
}

export interface EndpointLimit {
  /** From when one more may be sent; Infinity: not before one in flight ends. */
  readyAt(now: number): number
  send(now: number): Sent
  /** The server took it, whatever it said. */
  answered(sent: Sent, now: number): void
  /** It ended in a way that says nothing of how much the server takes. */
  ended(now: number): void
  /** `retryAfter`: milliseconds that the server asked for. */
  refused(sent: Sent, now: number, retryAfter?: number): void
  /** How many may be in flight now. */
  window(now: number): number
  /** A second; undefined where nothing is known of one. */
  pace(now: number): number | undefined
  pausedUntil(): number
  /** It has refused again and again, with nothing taken in between: asked by one request at a time. */
  isClosed(): boolean
}

/** In flight at first. */
const first = 4
/** What is left of what the server was seen to take, after a refusal. */
const share = 0.9
/** Answers until that is whole again; more after long pauses, of which each costs its time. */
const leastClimb = 50
/** Milliseconds after which it is whole again with fewer answers, too. */
const longestClimb = 300_000
const pausesApart = 20
/** Milliseconds of the first pause of those that the server asked for none; doubled each time in a row. */
const firstPause = 250
const longestPause = 60_000
/** Milliseconds by which a wake may be late without the pace being lost. */
const lateness = 25

/** From `share` to 1 in one climb, evenly; beyond it faster and faster, since what was learned gets old. */
const risen = (climbs: number): number => share + (1 - share) * (climbs + Math.max(0, climbs - 1) ** 3)

/** `jitter`: from 0 to 1; keeps several processes from coming back at once. */
export function createEndpointLimit(jitter: () => number): EndpointLimit {
  let inFlight = 0
  let startedAt: number | undefined
  let nextAt = 0
  let pausedUntil = 0
  let wave = 0
  /** Waves in a row of which the server took nothing. */
  let inARow = 0
  /** Since the last refusal: */
  let sent = 0
  let answers = 0
  let held = 0
  let busy = 0
  /** What the server was seen to take; undefined before its first refusal. */
  let windowCeiling: number | undefined
  let paceCeiling: number | undefined
  let climb = leastClimb
  let climbTime = longestClimb
  let refusedAt = 0
  const waves = createRefusalWaves()
  let last = { accepted: 0, busy: 0, held: 0, window: Infinity, pace: Infinity, inARow: 0, isEarly: false }
  let looked = 0
  /** Mean of the newest. */
  let answerTime = 0
  let answered = 0

  const climbs = (now: number): number =>
    answers / climb + Math.max(0, now - refusedAt) / Math.max(longestClimb, climbTime)
  const pace = (now: number): number => (paceCeiling === undefined ? Infinity : paceCeiling * risen(climbs(now)))
  /** One more an answer and twice as many a second, until the first refusal. */
  const window = (now: number): number =>
    windowCeiling === undefined
      ? Math.floor(Math.max(first + answers, first * 2 ** ((now - (startedAt ?? now)) / 1000)))
      : Math.max(
          1,
          Math.round(windowCeiling * risen(climbs(now))),
          Math.round(((paceCeiling ?? 0) * risen(climbs(now)) * answerTime) / 1000),
        )

  /** Time in which the server could have been asked more than it was is no measure of what it takes. */
  function look(now: number): void {
    if (inFlight > 0) busy += now - looked
    else busy += Math.max(0, Math.min(now, Math.max(nextAt, pausedUntil)) - looked)
    looked = now
  }

  return {
    readyAt(now) {
      const most = inARow > 1 ? 1 : window(now)
      return inFlight >= most ? Infinity : Math.max(nextAt, pausedUntil)
    },
    send(now) {
      look(now)
      startedAt ??= now
      inFlight++
      sent++
      const apart = 1000 / pace(now)
      nextAt = Math.max(nextAt, now - Math.max(apart, lateness)) + apart
      return { at: now, wave, inFlight }
    },
    answered(request, now) {
      look(now)
      inFlight--
      answers++
      held = Math.max(held, request.inFlight)
      answerTime += (now - request.at - answerTime) / Math.min(50, ++answered)
      if (request.wave === wave) inARow = 0
    },
    ended(now) {
      look(now)
      inFlight--
    },
    refused(request, now, retryAfter) {
      look(now)
      inFlight--
      if (request.wave < wave - 1) return pauseFor(retryAfter ?? 0, now)
      const isFirst = request.wave === wave
      if (isFirst) {
        // Complete now: what else of the wave before was refused has been heard.
        const before = last
        begin(now)
        // Who asks for a longer pause knows what it takes.
        last.isEarly = last.isEarly && (retryAfter ?? 0) < firstPause
        const isLooked = wave > 1 && (before.accepted > 0 || waves.areOfAnyLoad())
        if (isLooked && waves.add(before)) {
          paceCeiling = undefined
          windowCeiling = undefined
        }
      } else last.accepted--
      inARow = last.accepted > 0 ? 1 : last.inARow + 1
      const taken = last.accepted / Math.max(0.001, last.busy / 1000)
      // Where nothing was taken, the server is closed for a while: that says nothing of how much it takes when it is open.
      if (last.accepted > 0 && !waves.areOfAnyLoad()) {
        // Over the wave it took less than it can where it takes no more at once than on average, and else just what it can.
        paceCeiling =
          last.pace === Infinity ? taken : Math.min(last.pace, Math.max(last.pace / 2, (last.pace + taken) / 2))
        windowCeiling = Math.min(last.window, Math.max(1, last.window / 2, last.held, inFlight))
      } else if (windowCeiling === undefined && !waves.areOfAnyLoad()) windowCeiling = 1
      const pause = retryAfter ?? Math.min(longestPause, firstPause * 2 ** (inARow - 1)) * (0.5 + jitter() / 2)
      climb = Math.max(leastClimb, (pausesApart * pause * (paceCeiling ?? 0)) / 1000)
      climbTime = pausesApart * pause
      refusedAt = now
      pauseFor(pause, now)
    },
    window,
    pace: (now) => (paceCeiling === undefined ? undefined : pace(now)),
    pausedUntil: () => pausedUntil,
    isClosed: () => inARow > 1,
  }

  /** A new wave of refusals: what was sent before it and is refused after it belongs to it. */
  function begin(now: number): void {
    const accepted = sent - 1
    const isEarly = paceCeiling !== undefined && climbs(now) < 1
    last = { accepted, busy, held, window: window(now), pace: pace(now), inARow, isEarly }
    wave++
    // The time in which it was closed counts: it is part of what it takes over time.
    if (accepted > 0) busy = 0
    sent = 0
    answers = 0
    held = 0
  }

  function pauseFor(milliseconds: number, now: number): void {
    const until = now + milliseconds * (1 + 0.05 * jitter())
    pausedUntil = Math.max(pausedUntil, until)
  }
}
