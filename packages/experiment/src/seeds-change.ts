/**
 * A claim about an algorithm: the change of one cell, or the mean over several (each counts the same), where training seeds are
 * the sample. Two seeds have Student's t over the seeds; three or more have the questions as a second sample. One seed makes no
 * such claim, and where no seed differs from another there is no spread that a p could be told from.
 */
import type { SeedsChange } from "@swirl-ts/core"
import { mean, pairedMeanInterval, stratifiedTwoWayInterval } from "@swirl-ts/stats"
import type { SeedTable } from "./seed-table.ts"

/** Of tables with the same seeds, one or more. */
export function seedsChange(tables: readonly SeedTable[]): SeedsChange {
  const { seeds } = tables[0]!
  const bySeed = seeds.map((_, seed) => mean(tables.map(({ differences }) => mean(differences[seed]!))))
  const strata = strataOf(tables)
  const found: SeedsChange = {
    value: mean(bySeed),
    seeds: seeds.length,
    questions: strata.reduce((sum, { questions }) => sum + questions, 0),
  }
  if (seeds.length < 2) return found
  const overSeeds = pairedMeanInterval(
    bySeed.map(() => 0),
    bySeed,
  )
  if (!isPoint(overSeeds.ci)) found.p = overSeeds.p
  const isTwoWay = seeds.length > 2 && strata.every(({ questions }) => questions > 1)
  const { ci } = isTwoWay ? stratifiedTwoWayInterval(strata) : overSeeds
  return isPoint(ci)
    ? found
    : { ...found, ci: possible(ci, tables), ciMethod: isTwoWay ? "seeds-and-questions" : "seeds-t" }
}

/** No further than scores in [0, 1] can differ: t with one degree of freedom knows no bounds. Other scores have none that are known. */
function possible([low, high]: readonly [number, number], tables: readonly SeedTable[]): [number, number] {
  const isShare = (score: number): boolean => score >= -rounding && score <= 1 + rounding
  const areShares = tables.every(({ scores, differences }) =>
    scores.every((row, seed) =>
      row.every((score, place) => isShare(score) && isShare(score - differences[seed]![place]!)),
    ),
  )
  return areShares ? [Math.max(-1, low), Math.min(1, high)] : [low, high]
}
const rounding = 1e-9

/** Rounding alone is no spread. */
const isPoint = ([low, high]: readonly [number, number]): boolean => high - low < 1e-12

/**
 * Cells of one split ask the same questions at other temperatures, and are one sample of them: a question's value is what it
 * gives to the mean of the split's cells.
 */
function strataOf(tables: readonly SeedTable[]) {
  const splits = Map.groupBy(tables, ({ cell: { benchmark, split } }) => JSON.stringify([benchmark, split]))
  return [...splits.values()].map((same) => {
    const all = [...new Set(same.flatMap(({ questions }) => questions))]
    const values = same[0]!.seeds.map((_, seed) => {
      const sums = new Map(all.map((question) => [question, 0]))
      for (const { questions, differences } of same) {
        const weight = all.length / questions.length / same.length
        for (const [place, question] of questions.entries())
          sums.set(question, sums.get(question)! + weight * differences[seed]![place]!)
      }
      return [...sums.values()]
    })
    return { values, weight: same.length, questions: all.length }
  })
}
