/** How the numbers of a cell are written in tables: how much they are over, how a change's interval is called, what stands beside them. */
import { type CellResult, type Change, leftOutInWords, madeByInWords, type SeedsChange } from "@swirl-ts/core"
import type { ReportRow } from "../data.ts"
import { interval, marks, points } from "../format.ts"
import { direction, isGamed } from "../matrix-facts.ts"

type Size = Pick<CellResult, "n" | "questions">

/** `n`, the questions; where they were asked several times, questions and samples apart. */
export function sizeColumns(cells: readonly Size[]): [header: string[], of: (size: Size) => string[]] {
  const isApart = cells.some(({ n, questions = n }) => questions !== n)
  return isApart
    ? [["questions", "samples"], ({ n, questions = n }) => [String(questions), String(n)]]
    : [["n"], ({ n }) => [String(n)]]
}

/** Where no pair differs the interval is a bound, and is said to be one; where few do it is a score interval. */
export const changeInterval = ({ ci, ciMethod }: Pick<Change, "ci" | "ciMethod">): string =>
  `${interval(ci, points)}${intervalWords(ciMethod)}`

/** What an interval of few pairs is called behind its ends. */
const intervalWords = (method: Change["ciMethod"]): string =>
  ({ "none-differs": " (none differs)", "tango-score": " (few differ)", "paired-bootstrap": "", "paired-t": "" })[
    method ?? "paired-bootstrap"
  ]

/** Nothing where the change is unclear: the marks are to be seen. */
export function changeMark(change: Pick<Change, "ci" | "p" | "pHolm"> | SeedsChange): string {
  const way = direction(change)
  return way === "unclear" ? "" : marks[way]
}

/** `0.052` or `<0.001`. */
export const pText = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3))

/** A row by name, with what must not be missed about it. */
export const rowName = ({ name, seed, oracle, alarms, stopped, kind }: ReportRow): string =>
  [
    seed === undefined ? name : `${name} #${seed}`,
    ...(oracle ? ["(oracle judge)"] : []),
    ...(isGamed({ alarms }) ? ["(gaming alarm)"] : []),
    ...(stopped ? [`(stopped, policy of step ${stopped.checkpoint})`] : []),
    ...(kind === "reference" ? ["(measured only)"] : []),
  ].join(" ")

/** Questions that the numbers are not over; nothing where there is none. */
export function leftOutOfQuestions(...leftOut: Parameters<typeof leftOutInWords>): string[] {
  const why = leftOutInWords(...leftOut)
  return why.length > 0 ? [`left out of the questions: ${why.join(", ")}`] : []
}

/** Samples without a score, those that count as wrong because they ended at a limit, questions that leaked, and several makers. */
export function beside({
  unscored = 0,
  errors = 0,
  limits = 0,
  leaked = 0,
  unguarded = 0,
  madeBy,
}: CellResult): string[] {
  const failed = Math.min(errors, unscored)
  return [
    ...(failed > 0 ? [`${failed} of the samples ended in an error and have no score`] : []),
    ...(unscored > failed ? [`${unscored - failed} of the samples could not be scored`] : []),
    ...(limits > 0 ? [`${limits} of the samples ended at a limit, counted as wrong`] : []),
    ...(leaked > 0 ? [`${leaked} of the questions had been seen by the policy, or what has to do with them`] : []),
    ...(unguarded > 0 ? [unguardedInWords(unguarded)] : []),
    ...madeByInWords(madeBy),
  ]
}

/** Of questions that were asked with `--leak off`. */
export const unguardedInWords = (unguarded: number): string =>
  `nobody looked whether the policy had seen ${unguarded} of the questions (--leak off)`
