/**
 * What the alarms of today's code say of the recorded runs: of those that go well how many are falsely alarmed, of those made
 * to go wrong how many are found, when, and what fresh roll-outs had lost by then. Alarms see the roll-outs that the demo
 * makes; what was lost is told by all.
 */
import { type Alarm, alarms } from "@swirl-ts/trainer"
import { type History, historyOf, type RecordedRun } from "./records.ts"
import { isHeldOut, type Kind, kinds, rolloutEvery } from "./runs.ts"

/** The demo's. */
const seenEvery = 10

export interface Judged {
  run: RecordedRun
  /** In the order they were raised. */
  raised: (Alarm & { step: number })[]
  /** At the first alarm, or at the end where there is none: what the newest roll-outs are below the first, and below the best. */
  lost: { start: number; best: number }
  /** The most that any roll-out of the run is below the first, and below the best before it. */
  most: { start: number; best: number }
}

function raise(history: History): Judged["raised"] {
  return history.flatMap(({ step }, index) => alarms(history.slice(0, index + 1)).map((alarm) => ({ step, ...alarm })))
}

export function judge(run: RecordedRun): Judged {
  const raised = raise(historyOf(run, seenEvery))
  const all = losses(historyOf(run, rolloutEvery))
  const until = raised[0]?.step ?? Number.POSITIVE_INFINITY
  const most = (what: "start" | "best") => Math.max(...all.map((loss) => loss[what]))
  return {
    run,
    raised,
    lost: all.findLast(({ step }) => step <= until)!,
    most: { start: most("start"), best: most("best") },
  }
}

function losses(history: History): { step: number; start: number; best: number }[] {
  const rolled = history.flatMap(({ step, values: { rolloutAccuracy } }) =>
    typeof rolloutAccuracy === "number" ? [{ step, accuracy: rolloutAccuracy }] : [],
  )
  let best = 0
  return rolled.map(({ step, accuracy }) => {
    best = Math.max(best, accuracy)
    return { step, start: rolled[0]!.accuracy - accuracy, best: best - accuracy }
  })
}

/** Floats of shares of a hundred: .30 - .25 is five points. */
const fivePoints = 0.05 - 1e-9

export interface Counted {
  runs: number
  alarmed: number
  /** Alarmed, of those that went wrong. */
  found: number
  /** Of the alarmed: fresh roll-outs had not lost five points yet. */
  beforeStart: number
  beforeBest: number
  /** Of all: fresh roll-outs were at some time five points under their start, or ten under their best. */
  wentWrong: number
}

export const count = (judged: readonly Judged[]): Counted => {
  const alarmed = judged.filter(({ raised }) => raised.length > 0)
  const isWrong = ({ most }: Judged): boolean => most.start >= fivePoints || most.best >= 2 * fivePoints
  return {
    runs: judged.length,
    alarmed: alarmed.length,
    found: alarmed.filter(isWrong).length,
    beforeStart: alarmed.filter(({ lost }) => lost.start < fivePoints).length,
    beforeBest: alarmed.filter(({ lost }) => lost.best < fivePoints).length,
    wentWrong: judged.filter(isWrong).length,
  }
}

export const ofKind = (all: readonly Judged[], kind: Kind, heldOut?: boolean): Judged[] =>
  all.filter(({ run }) => run.kind === kind && (heldOut === undefined || isHeldOut(run.seed) === heldOut))

export const badKinds = kinds.filter((kind) => kind !== "good")
