/** `report/matrix.csv`, a line a policy and cell, against the matrix that the records make. */
import { words } from "./compare.ts"
import { field, isRaw, type Raw } from "./raw.ts"
import { directionOf, kinshipOf } from "./words.ts"

/** By cell and row. A value that looks like a number is one; an empty one is not there. */
export function readCsv(text: string): Raw {
  const [header = [], ...lines] = records(text)
  const named = lines.map((line) => Object.fromEntries(header.map((name, place) => [name, value(line[place] ?? "")])))
  return Object.fromEntries(named.map((line) => [keyOf(line), line]))
}

const keyOf = ({ cell, row, seed }: Raw): string => [cell, row, ...(seed === undefined ? [] : [`#${seed}`])].join(" ")

function value(text: string): unknown {
  if (text === "") return undefined
  if (text === "true" || text === "false") return text === "true"
  return Number.isNaN(Number(text)) ? text : Number(text)
}

/** RFC 4180: fields between commas, quoted where they hold one, a quote doubled. */
function records(text: string): string[][] {
  const found: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === "" && quoted === undefined && plain === "") break
    found.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "")
    if (end !== ",") found.push([])
  }
  return found.filter((record) => record.length > 0)
}

/** Where a column of the file stands in a cell of the matrix. */
const inCell: Readonly<Record<string, readonly string[]>> = {
  accuracy: ["accuracy"],
  accuracyLow: ["ci", "0"],
  accuracyHigh: ["ci", "1"],
  samples: ["n"],
  questions: ["questions"],
  baseAccuracy: ["change", "baseAccuracy"],
  change: ["change", "value"],
  changeLow: ["change", "ci", "0"],
  changeHigh: ["change", "ci", "1"],
  changeMethod: ["change", "ciMethod"],
  p: ["change", "p"],
  pMethod: ["change", "pMethod"],
  pHolm: ["change", "pHolm"],
  onlyInBase: ["leftOut", "onlyInA"],
  onlyInRow: ["leftOut", "onlyInB"],
  otherQuestion: ["leftOut", "otherQuestion"],
  withoutPair: ["leftOut", "unscored"],
  leaked: ["leaked"],
  goodSteps: ["goodSteps", "share"],
  goodStepsOf: ["goodSteps", "n"],
  goldStepRecall: ["goldStepRecall", "share"],
  goldStepRecallOf: ["goldStepRecall", "n"],
}

const inColumn: Readonly<Record<string, readonly string[]>> = {
  coverageKnown: ["coverage", "known"],
  coverageHeld: ["coverage", "held"],
  minimumDetectableEffect: ["minimumDetectableEffect"],
}

const inRow: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ["seed", "train", "filter", "algorithm", "judge", "oracle", "kept"].map((name) => [name, [name]]),
  ),
  budgetTrajectories: ["budget", "trajectories"],
  budgetStates: ["budget", "states"],
  usedTrajectories: ["used", "trajectories"],
  usedStates: ["used", "states"],
}

/** What `readCsv` should find for a matrix; of the base, what its rows have not stays empty. */
export function expectedCsv(matrix: Raw): Raw {
  const base = { name: "base", kind: "base", cells: matrix.base, withoutResult: matrix.withoutResult }
  const bySeed = ((matrix.baseBySeed ?? []) as Raw[]).map((each) => ({ ...base, withoutResult: undefined, ...each }))
  const rows = (matrix.rows as Raw[]).map((row) => ({
    ...row,
    kind: row.seed === undefined ? "reference" : "training",
  }))
  // Where a cell is sampled, the base of each seed stands for the base.
  const lines = (matrix.cells as string[]).flatMap((column) => {
    const isBySeed = bySeed.some((each) => field(each, "cells", column) !== undefined)
    return [...(isBySeed ? bySeed : [base]), ...rows].map((row: Raw) => {
      const cell = field(row, "cells", column)
      return lineOf(matrix, row, column, isRaw(cell) ? cell : undefined)
    })
  })
  return Object.fromEntries(lines.map((line) => [keyOf(line), line]))
}

function lineOf(matrix: Raw, row: Raw, column: string, cell: Raw | undefined): Raw {
  const isTraining = row.kind === "training"
  const pick = (from: unknown, paths: Readonly<Record<string, readonly string[]>>): Raw =>
    Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, isRaw(from) ? at(from, path) : undefined]))
  return {
    row: row.name,
    kind: row.kind,
    cell: column,
    gamed: isTraining ? ((row.alarms ?? []) as Raw[]).some(({ kind }) => kind === "gaming") : undefined,
    task: isTraining ? kinshipOf(row, column) : undefined,
    ...pick(row, inRow),
    ...pick(cell, inCell),
    ...pick(field(matrix, "columns", column), inColumn),
    ...Object.fromEntries(
      ["unscored", "errors", "limits", "unguarded"].map((name) => [name, cell && (cell[name] ?? 0)]),
    ),
    otherReference: isRaw(cell?.leftOut) ? (cell.leftOut.otherReference ?? 0) : undefined,
    madeBy: cell?.madeBy && words,
    differs: cell?.differs && words,
    direction: isRaw(cell?.change) ? directionOf(cell.change) : undefined,
    withoutResult: cell ? undefined : words,
  }
}

const at = (from: unknown, [name, ...rest]: readonly string[]): unknown =>
  name === undefined ? from : at((from as Raw | undefined)?.[name], rest)
