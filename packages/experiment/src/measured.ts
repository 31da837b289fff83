/**
 * What an experiment measured, by row, seed and cell. What no training made has no seed where it is greedy: its one
 * measurement stands beside every seed of another row; where it is sampled, each measurement is of its own seed.
 */
import { type EvaluatedCell, type PairedQuestion, pairedQuestions } from "@swirl-ts/stages"
import { type ExperimentCell, isSampled } from "./cells.ts"
import type { Experiment } from "./experiment.ts"
import { type MeasuredRow, orReason } from "./measured-row.ts"

/** One evaluated policy; a text is the reason why there is none. */
export interface Measurement {
  row: string
  seed: number
  cells: MeasuredRow | string
}

/** Two rows on one cell with one seed. */
export interface SeedPairs {
  seed: number
  questions: PairedQuestion[]
}

export interface Measured {
  /** A text is the reason why there is nothing. */
  at(row: string, seed: number, cell: ExperimentCell): EvaluatedCell | string
  /** By the seeds that both rows have, where they share a scored question. */
  pairs(against: string, of: string, cell: ExperimentCell): SeedPairs[]
}

export function measuredBy(experiment: Experiment, measurements: readonly Measurement[]): Measured {
  const trained = new Set(experiment.trainings.map(({ name }) => name))
  const hasSeeds = (row: string, cell: ExperimentCell): boolean => trained.has(row) || isSampled(cell)
  const at: Measured["at"] = (row, seed, cell) => {
    const isMeant = hasSeeds(row, cell) ? (each: Measurement) => each.seed === seed : () => true
    const cells = measurements.find((each) => each.row === row && isMeant(each))?.cells
    return typeof cells === "string" ? cells : (cells?.get(cell.name) ?? `${row} was not measured with seed ${seed}`)
  }
  return {
    at,
    pairs(against, of, cell) {
      const seeds = hasSeeds(against, cell) || hasSeeds(of, cell) ? experiment.seeds : experiment.seeds.slice(0, 1)
      return seeds.flatMap((seed) => {
        const [before, after] = [at(against, seed, cell), at(of, seed, cell)]
        if (typeof before === "string" || typeof after === "string") return []
        const questions = orReason(() => pairedQuestions(before, after))
        return typeof questions === "string" || questions.length === 0 ? [] : [{ seed, questions }]
      })
    },
  }
}
