/**
 * What `matrix.json` should say, from the records under its folder. The document itself is asked for the names of its columns,
 * for the order of its rows, and for what was declared and not measured: contrasts, and what counts as the same family.
 */
import { join } from "node:path"
import { accuracyOf, accuracyOver, changeOver, counts, pairUp } from "./cells.ts"
import { words } from "./compare.ts"
import { type Cell, type Evaluation, findEvaluations, limitOf } from "./evaluations.ts"
import { baseRow, type Measured, measuredBy } from "./measured.ts"
import { isRaw, type Raw } from "./raw.ts"
import { detectable, holmOf, meanAfter, type SeedsChange, seedsChange, tablesOf } from "./seeds.ts"
import { trainingOf } from "./trainings.ts"

interface Change {
  p?: number
  pHolm?: number
}

export function expectedMatrix(root: string, recorded: Raw): Raw {
  const columns = recorded.cells as string[]
  const questions = limitOf(join(root, baseRow))
  const evaluations = findEvaluations(root, questions)
  const measured = measuredBy(evaluations, columns)
  const recordedRows = recorded.rows as Raw[]
  const order = recordedRows.map(nameOf)
  const rows = evaluations
    .filter((each) => each.row !== baseRow && (trainingOf(each) || each === measured.first(each.row)))
    .map((each) => expectedRow(each, measured, columns))
    .sort((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)))
  const expected: Raw = {
    schema: "swirl.matrix/1",
    policy: modelOf(measured.first(baseRow)),
    judge: words,
    cells: columns.map(() => words),
    base: byColumn(columns, (name) => measuredCell(baseOf(measured, name))),
    rows,
    questions,
  }
  // Documents of before the seeds were written have no number over them either.
  if (recorded.seeds === undefined) return expected
  const families = new Map(recordedRows.map((row) => [nameOf(row), row.sameFamily as string[] | undefined]))
  for (const row of rows) if (row.seed !== undefined) row.sameFamily = families.get(nameOf(row))?.map(() => words)
  const overSeeds = overSeedsOf(recordedRows, rows, measured, columns)
  const contrasts = ((recorded.contrasts ?? []) as Raw[]).map((each) => contrastOf(each, measured, columns))
  correct(
    rows.flatMap((row) => Object.values(row.cells as Record<string, { change: Change }>).map(({ change }) => change)),
  )
  correct(
    overSeeds.flatMap(({ cells, offDiagonal }) => [
      ...Object.values(cells).map(({ change }) => change),
      ...(offDiagonal ? [offDiagonal] : []),
    ]),
  )
  correct(contrasts.flatMap(({ cells, mean }) => [...Object.values(cells), ...(mean ? [mean] : [])]))
  return {
    ...expected,
    seeds: sameOrder(measured.seeds, recorded.seeds as number[]),
    baseBySeed: baseBySeedOf(measured, columns, recorded.baseBySeed),
    overSeeds: overSeeds.length > 0 ? overSeeds : undefined,
    contrasts: contrasts.length > 0 ? contrasts : undefined,
    columns: byColumn(columns, (name) => ({
      minimumDetectableEffect: detectable(
        trainingNames(rows).flatMap((row) => [...measured.pairs(baseRow, row, name).bySeed.values()]),
      ),
      published: words,
    })),
    selection: words,
  }
}

function expectedRow(evaluation: Evaluation, measured: Measured, columns: readonly string[]): Raw {
  const training = trainingOf(evaluation)
  const { row, seed } = evaluation
  const own = training && {
    train: training.benchmarks.map(shortName).join("+"),
    trainedOn: columns.filter((name) => training.benchmarks.includes(cellOf(measured, row, seed, name).benchmark)),
    filter: training.spec.strategy,
    algorithm: training.spec.algorithm,
    judge: training.spec.judge,
    oracle: training.isOracle || undefined,
    seed,
    alarms: training.alarms,
    kept: training.kept.length,
    checkpoint: words,
  }
  return {
    name: row,
    ...(own ?? { train: "–", filter: "–", algorithm: "reference", judge: "–" }),
    cells: byColumn(columns, (name) => {
      const cell = cellOf(measured, row, seed, name)
      // Before the base was measured by seed, its one measurement stood beside every seed.
      const base = measured.at(baseRow, seed, name) ?? baseOf(measured, name)
      const { pairs, leftOut } = pairUp(base, cell)
      const after = pairs.map((pair) => pair.after)
      return { ...accuracyOver(after), ...counts(cell), change: changeOver(pairs, seed), leftOut }
    }),
  }
}

const baseOf = (measured: Measured, name: string): Cell => cellOf(measured, baseRow, measured.first(baseRow).seed, name)

const measuredCell = (cell: Cell): Raw => ({ ...accuracyOf(cell), ...counts(cell) })

/** Of the cells that are sampled, in the order of the document. */
function baseBySeedOf(measured: Measured, columns: readonly string[], recorded: unknown): Raw[] | undefined {
  const sampled = columns.filter((name) => baseOf(measured, name).temperature !== 0)
  if (sampled.length === 0) return undefined
  const order = Array.isArray(recorded) ? recorded.map((each: Raw) => each.seed as number) : []
  return sameOrder(measured.seeds, order).map((seed) => ({
    seed,
    cells: byColumn(sampled, (name) => measuredCell(cellOf(measured, baseRow, seed, name))),
  }))
}

interface SeedsRow {
  name: string
  seeds: number[]
  cells: Record<string, { accuracy: number; change: SeedsChange & Change }>
  offDiagonal?: SeedsChange & Change & { cells: string[] }
}

/** Of every training, in the order of the rows. */
function overSeedsOf(
  recorded: readonly Raw[],
  rows: readonly Raw[],
  measured: Measured,
  columns: readonly string[],
): SeedsRow[] {
  return trainingNames(rows).map((name) => {
    const pairs = columns.map((column) => measured.pairs(baseRow, name, column))
    const own = pairs.flatMap((each) => tablesOf([each]))
    const known = recorded.find((row) => row.name === name)
    const near = [known?.trainedOn, known?.sameFamily].flat()
    const unseen = tablesOf(pairs.filter(({ column }) => !near.includes(column)))
    return {
      name,
      seeds: measured.seeds.filter((seed) => own.some((table) => table.seeds.includes(seed))),
      cells: Object.fromEntries(
        own.map((table) => [table.column, { accuracy: meanAfter(table), change: seedsChange([table]) }]),
      ),
      offDiagonal:
        unseen.length > 0 ? { ...seedsChange(unseen), cells: unseen.map(({ column }) => column) } : undefined,
    }
  })
}

interface Contrast {
  name: unknown
  of: string
  against: string
  cells: Record<string, SeedsChange & Change>
  mean?: SeedsChange & Change & { cells: string[] }
}

function contrastOf(recorded: Raw, measured: Measured, columns: readonly string[]): Contrast {
  const [of, against] = [String(recorded.of), String(recorded.against)]
  const asked = isRaw(recorded.cells) ? Object.keys(recorded.cells) : []
  const pairs = columns.filter((column) => asked.includes(column)).map((column) => measured.pairs(against, of, column))
  const each = pairs.flatMap((cell) => tablesOf([cell]))
  const all = tablesOf(pairs)
  return {
    name: recorded.name,
    of,
    against,
    cells: Object.fromEntries(each.map((table) => [table.column, seedsChange([table])])),
    mean: all.length > 1 ? { ...seedsChange(all), cells: all.map(({ column }) => column) } : undefined,
  }
}

/** A table is one family of tests. */
function correct(table: readonly Change[]): void {
  const tested = table.filter(({ p }) => p !== undefined)
  const corrected = holmOf(tested.map(({ p }) => p!))
  for (const [place, change] of tested.entries()) change.pHolm = corrected[place]
}

const trainingNames = (rows: readonly Raw[]): string[] => [
  ...new Set(rows.filter(({ seed }) => seed !== undefined).map(({ name }) => String(name))),
]

const byColumn = (columns: readonly string[], value: (name: string) => unknown): Raw =>
  Object.fromEntries(columns.map((name) => [name, value(name)]))

function cellOf(measured: Measured, row: string, seed: number, name: string): Cell {
  const cell = measured.at(row, seed, name)
  if (!cell) throw new Error(`${row} with seed ${seed} has no samples of ${name}`)
  return cell
}

/** The same things in the order of the document. */
const sameOrder = (found: readonly number[], recorded: readonly number[]): number[] =>
  found.toSorted((a, b) => recorded.indexOf(a) - recorded.indexOf(b))

function modelOf({ run }: Evaluation): unknown {
  const stages = Object.entries(isRaw(run.spec) ? run.spec : {})
  const evaluated = stages.find(([stage]) => stage.startsWith("eval/"))?.[1]
  return isRaw(evaluated) ? evaluated.model : undefined
}

const nameOf = ({ name, seed }: Raw): string => `${name} ${seed}`
const shortName = (fullName: string): string => fullName.slice(fullName.indexOf("/") + 1)
