/** What tables of cells have in common: how much a number is over, how its change's interval is written, and what stands beside it. */
import { type CellResult, type Change, leftOutInWords } from "@swirl-ts/core"
import { interval, points } from "@swirl-ts/report"

type Size = Pick<CellResult, "n" | "questions">

/** `n`, the questions; where they were asked several times, questions and samples apart. */
export function sizeColumns(cells: readonly Size[]): [header: string[], of: (size: Size) => string[]] {
  const isApart = cells.some(({ n, questions = n }) => questions !== n)
  return isApart
    ? [["questions", "samples"], ({ n, questions = n }) => [String(questions), String(n)]]
    : [["n"], ({ n }) => [String(n)]]
}

/** Where no pair differs the interval is a bound, and is said to be one. */
export const changeInterval = ({ ci, ciMethod }: Change): string =>
  `${interval(ci, points)}${ciMethod === "none-differs" ? " (none differs)" : ""}`

/** Questions that the numbers are not over; nothing where there is none. */
export function leftOutOfQuestions(...leftOut: Parameters<typeof leftOutInWords>): string[] {
  const why = leftOutInWords(...leftOut)
  return why.length > 0 ? [`left out of the questions: ${why.join(", ")}`] : []
}

/** Samples without a score, and those that count as wrong because they ended at a limit. */
export function beside({ unscored = 0, errors = 0, limits = 0 }: CellResult): string[] {
  const failed = Math.min(errors, unscored)
  return [
    ...(failed > 0 ? [`${failed} of the samples ended in an error and have no score`] : []),
    ...(unscored > failed ? [`${unscored - failed} of the samples could not be scored`] : []),
    ...(limits > 0 ? [`${limits} of the samples ended at a limit, counted as wrong`] : []),
  ]
}
