/** What the rows of a matrix, and the base under them, should say. */
import { behaviourOver } from "./behaviour.ts"
import { accuracyOf, accuracyOver, changeOver, counts, pairUp } from "./cells.ts"
import { byColumn, orNothing } from "./columns.ts"
import { words } from "./compare.ts"
import type { Cell, Evaluation } from "./evaluations.ts"
import { madeByOf } from "./made-by.ts"
import { baseRow, type Measured } from "./measured.ts"
import { field, isRaw, type Raw } from "./raw.ts"
import type { StepMeasures } from "./steps.ts"
import { trainingOf } from "./trainings.ts"

/** `recorded`: for the cells that have a reason in place of a number, if the records have no number for them either. */
export function expectedRow(
  evaluation: Evaluation,
  recorded: Raw,
  measured: Measured,
  columns: readonly string[],
  steps: StepMeasures,
): Raw {
  const training = trainingOf(evaluation)
  const { row, seed } = evaluation
  const { benchmarks } = training ?? {}
  const own = training && {
    train: benchmarks?.map(shortName).join("+") ?? words,
    trainedOn: benchmarks
      ? columns.filter((name) => benchmarks.includes(measured.benchmark(name)))
      : recorded.trainedOn,
    filter: training.spec.strategy,
    algorithm: training.spec.algorithm,
    judge: training.spec.judge,
    oracle: training.isOracle || undefined,
    seed,
    alarms: training.alarms,
    stopped: training.stopped,
    kept: training.kept?.length,
    budget: training.spec.budget,
    used: training.used,
    // Documents without details have none.
    cost: recorded.cost === undefined ? undefined : training.cost,
    checkpoint: words,
  }
  const reasons = isRaw(recorded.withoutResult) ? Object.keys(recorded.withoutResult) : []
  const isWithout = (name: string): boolean => {
    const cell = measured.at(row, seed, name)
    const isTold = recorded.outcome !== undefined || reasons.includes(name)
    return isTold && !(cell && isComparable(measured, cell, seed, name))
  }
  const without = columns.filter(isWithout)
  const isRow = recorded.outcome !== undefined && without.length === columns.length
  return {
    name: row,
    ...(own ?? { train: "–", filter: "–", algorithm: "reference", judge: "–" }),
    cells: byColumn(
      columns.filter((name) => !without.includes(name)),
      (name) => {
        const cell = cellOf(measured, row, seed, name)
        const differs = field(recorded, "cells", name, "differs") && words
        // Documents without details, and those of before it was written, have none.
        const behaviour =
          field(recorded, "cells", name, "behaviour") && behaviourOver(besides(measured, seed, name)!, cell, seed)
        return { ...changedCell(cell, measured, seed, name), ...steps(cell), behaviour, differs }
      },
    ),
    outcome: isRow ? words : undefined,
    withoutResult: isRow ? undefined : orNothing(without, () => words),
  }
}

function changedCell(cell: Cell, measured: Measured, seed: number, name: string): Raw {
  const { pairs, leftOut } = pairUp(besides(measured, seed, name)!, cell)
  const after = pairs.map((pair) => pair.after)
  const madeBy = madeByOf(
    cell,
    pairs.flatMap(({ samples }) => samples),
  )
  return { ...accuracyOver(after), ...counts(cell), madeBy, change: changeOver(pairs, seed), leftOut }
}

const isComparable = (measured: Measured, cell: Cell, seed: number, name: string): boolean => {
  const base = besides(measured, seed, name)
  return base !== undefined && pairUp(base, cell).pairs.length > 0
}

/** The base that a row is compared with. Before it was measured by seed, its one measurement stood beside every seed. */
const besides = (measured: Measured, seed: number, name: string): Cell | undefined =>
  measured.at(baseRow, seed, name) ?? baseOf(measured, name)

/** That of the first seed; documents of before the seeds were written have but one. */
export const baseOf = (measured: Measured, name: string): Cell | undefined =>
  (measured.seeds[0] === undefined ? undefined : measured.at(baseRow, measured.seeds[0], name)) ??
  measured.at(baseRow, measured.first(baseRow).seed, name)

/** Undefined where there is no score. */
export function measuredCell(cell: Cell | undefined, steps: StepMeasures): Raw | undefined {
  const found = cell && accuracyOf(cell)
  return found && { ...found, ...counts(cell), madeBy: madeByOf(cell, cell.samples), ...steps(cell) }
}

/** Of the cells that are sampled. */
export function baseBySeedOf(
  recorded: readonly Raw[],
  measured: Measured,
  columns: readonly string[],
  steps: StepMeasures,
): Raw[] | undefined {
  const sampled = columns.filter((name) => measured.isSampled(name))
  if (sampled.length === 0) return undefined
  return measured.seeds.map((seed) => {
    const cells = byColumn(sampled, (name) => measuredCell(measured.at(baseRow, seed, name), steps))
    // Documents of before the reasons were written have none.
    const isTold = recorded.some((each) => each.seed === seed && each.withoutResult !== undefined)
    const without = sampled.filter((name) => cells[name] === undefined)
    return { seed, cells, withoutResult: isTold ? orNothing(without, () => words) : undefined }
  })
}

function cellOf(measured: Measured, row: string, seed: number, name: string): Cell {
  const cell = measured.at(row, seed, name)
  if (!cell) throw new Error(`${row} with seed ${seed} has no samples of ${name}`)
  return cell
}

const shortName = (fullName: string): string => fullName.slice(fullName.indexOf("/") + 1)
