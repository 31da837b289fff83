/**
 * What an algorithm gives, where both the training seeds and the questions are samples: the mean of `values[seed][question]`
 * with an interval from two-way variance components, each with the t of its own degrees of freedom. A bootstrap over few seeds
 * is too narrow; this holds what it says from three seeds on (`npm run stats:check`), and refuses two.
 * Source: Searle, Casella & McCulloch (1992), Variance Components, 4.4; intervals of sums as Graybill & Wang (1980), JASA 75:869.
 */
import { checkLevel, checkTable } from "./checks.ts"
import { mean } from "./mean.ts"
import type { MeanEstimate } from "./mean-interval.ts"
import { studentQuantile } from "./student-t.ts"

/** Three seeds and two questions or more; `n` is the number of seeds. */
export function twoWayMeanInterval(values: readonly (readonly number[])[], level = 0.95): MeanEstimate {
  checkLevel(level)
  const { seeds, questions } = checkTable(values)
  if (seeds < 3 || questions < 2)
    throw new Error(
      `values has ${seeds} seeds and ${questions} questions: an interval over both needs three seeds and two questions.`,
    )
  const centre = mean(values.flat())
  const bySeed = values.map((row) => mean(row))
  const byQuestion = Array.from({ length: questions }, (_, question) => mean(values.map((row) => row[question]!)))
  const squares = (means: readonly number[]): number => means.reduce((sum, each) => sum + (each - centre) ** 2, 0)
  const ofSeeds = (questions * squares(bySeed)) / (seeds - 1)
  const ofQuestions = (seeds * squares(byQuestion)) / (questions - 1)
  let rest = 0
  values.forEach((row, seed) => {
    row.forEach((value, question) => {
      rest += (value - bySeed[seed]! - byQuestion[question]! + centre) ** 2
    })
  })
  const ofRest = rest / ((seeds - 1) * (questions - 1))
  const quantile = (degrees: number): number => studentQuantile(0.5 + level / 2, degrees)
  // What seeds add to the questions' own spread; an estimate of it may be negative, it cannot.
  const added = Math.max(0, ofSeeds - ofRest)
  const reach = Math.sqrt(
    (quantile(seeds - 1) ** 2 * added + quantile(questions - 1) ** 2 * ofQuestions) / (seeds * questions),
  )
  const standardError = Math.sqrt((added + ofQuestions) / (seeds * questions))
  return { value: centre, ci: [centre - reach, centre + reach], standardError, n: seeds }
}
