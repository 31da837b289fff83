/** Two rows on one cell over seeds, on the questions that every seed has both scores for: the sample of a claim about an algorithm. */
import { isSameQuestion } from "@swirl-ts/core"
import type { ExperimentCell } from "./cells.ts"
import type { SeedPairs } from "./measured.ts"

export interface SeedTable {
  cell: ExperimentCell
  seeds: number[]
  /** Keys of the questions, unique in the cell's split. */
  questions: string[]
  /** Scores of the row, `[seed][question]`, and how far they are from those that it is compared with. */
  scores: number[][]
  differences: number[][]
}

/** Undefined where there is no seed, or no question of all of them. */
export function seedTable(cell: ExperimentCell, pairs: readonly SeedPairs[]): SeedTable | undefined {
  const [first, ...rest] = pairs
  if (!first) return undefined
  const ids = rest.map(({ questions }) => Map.groupBy(questions, ({ taskId }) => taskId))
  const shared = first.questions.flatMap((question) => {
    const others = ids.flatMap(
      (byId) => byId.get(question.taskId)?.find((each) => isSameQuestion(each, question)) ?? [],
    )
    return others.length === rest.length ? [[question, ...others]] : []
  })
  if (shared.length === 0) return undefined
  const bySeed = <T>(of: (seed: number) => T): T[] => pairs.map((_, seed) => of(seed))
  return {
    cell,
    seeds: pairs.map(({ seed }) => seed),
    questions: shared.map(([question]) => JSON.stringify([question!.taskId, question!.questionHash])),
    scores: bySeed((seed) => shared.map((questions) => questions[seed]!.after)),
    differences: bySeed((seed) => shared.map((questions) => questions[seed]!.after - questions[seed]!.before)),
  }
}

/** Tables of several cells with the seeds that all of them have; none where they share no seed. */
export function seedTables(cells: readonly { cell: ExperimentCell; pairs: readonly SeedPairs[] }[]): SeedTable[] {
  const measured = cells.filter(({ pairs }) => pairs.length > 0)
  const isShared = ({ seed }: SeedPairs): boolean =>
    measured.every(({ pairs }) => pairs.some((each) => each.seed === seed))
  return measured.flatMap(({ cell, pairs }) => seedTable(cell, pairs.filter(isShared)) ?? [])
}
