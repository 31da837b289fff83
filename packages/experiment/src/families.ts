/**
 * What a training has seen of a cell: its own benchmark (the diagonal), another one with questions of the same data sets (same
 * family), or nothing (off the diagonal). Invariant: every cell is exactly one of the three.
 */
import type { Registry } from "@swirl-ts/core"
import type { ExperimentCell } from "./cells.ts"

export interface Families {
  trainedOn: ExperimentCell[]
  sameFamily: ExperimentCell[]
  offDiagonal: ExperimentCell[]
}

/** `train`: names of benchmarks, short or full. */
export function familiesOf(registry: Registry, train: readonly string[], cells: readonly ExperimentCell[]): Families {
  const own = new Set(train.map((name) => registry.resolve("benchmarks", name).fullName))
  const seen = new Set([...own].flatMap((name) => sourcesOf(registry, name)))
  const families: Families = { trainedOn: [], sameFamily: [], offDiagonal: [] }
  for (const cell of cells) {
    const sharesSource = sourcesOf(registry, cell.benchmark).some((source) => seen.has(source))
    families[own.has(cell.benchmark) ? "trainedOn" : sharesSource ? "sameFamily" : "offDiagonal"].push(cell)
  }
  return families
}

const sourcesOf = (registry: Registry, benchmark: string): string[] =>
  (registry.resolve("benchmarks", benchmark).value.sources ?? []).map((source) => source.trim().toLowerCase())
