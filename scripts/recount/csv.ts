/** `report/matrix.csv`, a line a policy and cell, and `report/matrix-over-seeds.csv`, against the matrix that the records make. */
import { words } from "./compare.ts"
import { field, isRaw, type Raw } from "./raw.ts"
import { directionOf, kinshipOf } from "./words.ts"

/** By cell and row. */
export const readCsv = (text: string): Raw => read(text, keyOf)

/** By kind, name and cells. */
export const readSeedsCsv = (text: string): Raw => read(text, seedsKey)

/** A value that looks like a number is one; an empty one is not there. */
function read(text: string, key: (line: Raw) => string): Raw {
  const [header = [], ...lines] = records(text)
  const named = lines.map((line) => Object.fromEntries(header.map((name, place) => [name, value(line[place] ?? "")])))
  return Object.fromEntries(named.map((line) => [key(line), line]))
}

const seedsKey = ({ kind, name, cells, mean }: Raw): string => `${kind} ${name} ${mean ? "mean of " : ""}${cells}`

/** What `readSeedsCsv` should find for a matrix; undefined where it makes no claim about an algorithm. */
export function expectedSeedsCsv({ overSeeds = [], contrasts = [] }: Raw): Raw | undefined {
  const line = (of: Raw, change: unknown, cells: unknown, accuracy?: unknown): Raw => ({
    ...of,
    mean: Array.isArray(cells),
    cells: Array.isArray(cells) ? cells.join(" ") : cells,
    accuracy,
    ...Object.fromEntries(Object.entries(inSeeds).map(([name, path]) => [name, at(change, path)])),
  })
  const lines = [
    ...(overSeeds as Raw[]).flatMap(({ name, cells, offDiagonal }) => [
      ...Object.entries(cells as Raw).map(([cell, measured]) => {
        const { accuracy, change } = measured as Raw
        return line({ kind: "training", name }, change, cell, accuracy)
      }),
      ...(isRaw(offDiagonal) ? [line({ kind: "training", name }, offDiagonal, offDiagonal.cells)] : []),
    ]),
    ...(contrasts as Raw[]).flatMap(({ name, of, against, declared, cells, mean }) => {
      const contrast = { kind: "contrast", name, of, against, declared }
      return [
        ...Object.entries(cells as Raw).map(([cell, change]) => line(contrast, change, cell)),
        ...(isRaw(mean) ? [line(contrast, mean, mean.cells)] : []),
      ]
    }),
  ]
  return lines.length === 0 ? undefined : Object.fromEntries(lines.map((each) => [seedsKey(each), each]))
}

const inSeeds: Readonly<Record<string, readonly string[]>> = {
  change: ["value"],
  changeLow: ["ci", "0"],
  changeHigh: ["ci", "1"],
  changeMethod: ["ciMethod"],
  p: ["p"],
  pHolm: ["pHolm"],
  seeds: ["seeds"],
  questions: ["questions"],
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
  ...Object.fromEntries(
    ["trajectories", "steps", "answered", "wellFormed", "firstWellFormed", "tokens"].map((name) => [
      name,
      ["protocol", name],
    ]),
  ),
  ...Object.fromEntries(
    ["goldStepRecall", "answered", "wellFormed"].flatMap((name) => [
      [`${name}Change`, ["behaviour", name, "value"]],
      [`${name}ChangeLow`, ["behaviour", name, "ci", "0"]],
      [`${name}ChangeHigh`, ["behaviour", name, "ci", "1"]],
      [`${name}ChangeP`, ["behaviour", name, "p"]],
    ]),
  ),
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
  trainingSteps: ["cost", "steps"],
  trainingSeconds: ["cost", "seconds"],
  ...Object.fromEntries(
    ["sampledTokens", "trainedTokens", "secondsPerStep", "tokensPerSecond", "peakMemoryBytes"].map((name) => [
      name,
      ["cost", name],
    ]),
  ),
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
