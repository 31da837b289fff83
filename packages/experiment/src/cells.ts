/** The cells of an experiment with their names resolved: once, before anything runs. */
import { type Cell, parseCell, type Registry } from "@swirl-ts/core"
import type { Experiment } from "./experiment.ts"

export interface ExperimentCell extends Cell {
  /** As the experiment writes it, and tables with it. */
  name: string
}

/** Throws a usage error for a benchmark that is not there. */
export const experimentCells = (registry: Registry, { cells }: Experiment): ExperimentCell[] =>
  cells.map((name) => {
    const cell = parseCell(name)!
    return { ...cell, name, benchmark: registry.resolve("benchmarks", cell.benchmark).fullName }
  })

/** Whether another seed gives other answers of the same policy. */
export const isSampled = ({ temperature }: Cell): boolean => temperature !== 0

/** The cells that an evaluation measures. */
export const cellsOf = (
  { sampledOnly }: { sampledOnly?: boolean },
  cells: readonly ExperimentCell[],
): readonly ExperimentCell[] => (sampledOnly ? cells.filter(isSampled) : cells)
