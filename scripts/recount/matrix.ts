/**
 * What `matrix.json` should say, from the records under its folder. The document itself is asked for the names of its columns,
 * for the order of its rows, and for what was declared and not measured: contrasts, and what counts as the same family.
 */
import { join } from "node:path"
import { byColumn, orNothing } from "./columns.ts"
import { words } from "./compare.ts"
import { coverageOf } from "./coverage.ts"
import { checkNamed, type Evaluation, findEvaluations, limitOf } from "./evaluations.ts"
import { baseRow, measuredBy } from "./measured.ts"
import { contrastOf, overSeedsOf, type Tested } from "./over-seeds.ts"
import { isRaw, type Raw } from "./raw.ts"
import { baseBySeedOf, baseOf, expectedRow, measuredCell } from "./rows.ts"
import { detectable, holmOf } from "./seeds.ts"
import { stepsOf } from "./steps.ts"
import { trainingOf } from "./trainings.ts"

export function expectedMatrix(root: string, recorded: Raw): Raw {
  const columns = recorded.cells as string[]
  const questions = limitOf(join(root, baseRow), recorded.questions)
  const evaluations = findEvaluations(root, questions ?? Number.POSITIVE_INFINITY)
  if (questions === undefined) checkNamed(evaluations, recorded.questions as number)
  // Of jobs that have not ended, or not well, only cells with all their questions count.
  if (recorded.unfinished || recorded.failed)
    for (const each of evaluations) each.cells = each.cells.filter(({ isWhole }) => isWhole)
  const measured = measuredBy(evaluations, columns, (recorded.seeds ?? []) as number[])
  const steps = stepsOf(recorded)
  const recordedRows = recorded.rows as Raw[]
  const order = recordedRows.map(nameOf)
  const rows = evaluations
    .filter((each) => each.row !== baseRow && (trainingOf(each) || each === measured.first(each.row)))
    .map((each) => {
      const name = nameOf({ name: each.row, seed: trainingOf(each) && each.seed })
      return expectedRow(each, recordedRows.find((row) => nameOf(row) === name) ?? {}, measured, columns, steps)
    })
  // Of a row that nothing was recorded for there is no number either.
  const begun = new Set(rows.map(nameOf))
  for (const row of recordedRows)
    if (!begun.has(nameOf(row)))
      rows.push({ ...(listOfWords(row) as Raw), name: row.name, seed: row.seed, trainedOn: row.trainedOn, cells: {} })
  rows.sort((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)))
  const expected: Raw = {
    schema: "swirl.matrix/1",
    policy: modelOf(measured.first(baseRow)),
    judge: words,
    cells: columns,
    base: byColumn(columns, (name) => measuredCell(baseOf(measured, name), steps)),
    withoutResult: orNothing(
      columns.filter((name) => !measuredCell(baseOf(measured, name), steps)),
      () => words,
    ),
    unfinished: listOfWords(recorded.unfinished),
    failed: listOfWords(recorded.failed),
    rows,
    questions: questions ?? words,
    pickedBy: words,
    judged: words,
  }
  // Documents of before the seeds were written have no number over them either.
  if (recorded.seeds === undefined) return expected
  const families = new Map(recordedRows.map((row) => [nameOf(row), row.sameFamily as string[] | undefined]))
  for (const row of rows) if (row.seed !== undefined) row.sameFamily = families.get(nameOf(row))
  const overSeeds = overSeedsOf(recordedRows, trainingNames(rows), measured, columns)
  const contrasts = ((recorded.contrasts ?? []) as Raw[]).map((each) => contrastOf(each, measured, columns))
  correct(
    rows.flatMap((row) => Object.values(row.cells as Record<string, { change: Tested }>).map(({ change }) => change)),
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
    seeds: measured.seeds,
    baseBySeed: baseBySeedOf((recorded.baseBySeed ?? []) as Raw[], measured, columns, steps),
    overSeeds: overSeeds.length > 0 ? overSeeds : undefined,
    contrasts: contrasts.length > 0 ? contrasts : undefined,
    columns: byColumn(columns, (name) => ({
      coverage: coverageOf(measured.first(baseRow), baseOf(measured, name)),
      minimumDetectableEffect: detectable(
        trainingNames(rows).flatMap((row) => [...measured.pairs(baseRow, row, name).bySeed.values()]),
      ),
      published: words,
    })),
    selection: words,
  }
}

/** A table is one family of tests. */
function correct(table: readonly Tested[]): void {
  const tested = table.filter(({ p }) => p !== undefined)
  const corrected = holmOf(tested.map(({ p }) => p!))
  for (const [place, change] of tested.entries()) change.pHolm = corrected[place]
}

const trainingNames = (rows: readonly Raw[]): string[] => [
  ...new Set(rows.filter(({ seed }) => seed !== undefined).map(({ name }) => String(name))),
]

/** What measures nothing, element by element. */
const listOfWords = (recorded: unknown): unknown => {
  if (Array.isArray(recorded)) return recorded.map(listOfWords)
  if (isRaw(recorded)) return Object.fromEntries(Object.keys(recorded).map((name) => [name, words]))
  return recorded === undefined ? undefined : words
}

function modelOf({ run }: Evaluation): unknown {
  const stages = Object.entries(isRaw(run.spec) ? run.spec : {})
  const evaluated = stages.find(([stage]) => stage.startsWith("eval/"))?.[1]
  return isRaw(evaluated) ? evaluated.model : undefined
}

const nameOf = ({ name, seed }: Raw): string => `${name} ${seed}`
