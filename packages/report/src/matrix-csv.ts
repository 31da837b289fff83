/**
 * The matrix as numbers, `matrix.csv`: a line a policy and cell, at full precision, for programs. Columns are added at
 * the end and never renamed.
 */
import { differsInWords, madeByInWords } from "@swirl-ts/core"
import { type CsvValue, csv } from "./csv.ts"
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"
import { cellAt, direction, isGamed, kinship, missing, namedIn } from "./matrix-facts.ts"
import { checkpointLines } from "./tables/checkpoints.ts"

interface Line {
  matrix: ReportMatrix
  row: ReportRow
  column: string
  cell?: ReportCell
}

/** By name, in order. A value that is not there is empty; why a line has no accuracy stands in `withoutResult`. */
const columns: Readonly<Record<string, (line: Line) => CsvValue>> = {
  row: ({ row }) => row.name,
  kind: ({ row }) => row.kind,
  seed: ({ row }) => row.seed,
  train: ({ row }) => row.train,
  filter: ({ row }) => row.filter,
  algorithm: ({ row }) => row.algorithm,
  judge: ({ row }) => row.judge,
  oracle: ({ row }) => row.oracle,
  gamed: ({ row }) => (row.kind === "training" ? isGamed(row) : undefined),
  cell: ({ column }) => column,
  task: ({ row, column }) => kinship(row, column),
  accuracy: ({ cell }) => cell?.accuracy,
  accuracyLow: ({ cell }) => cell?.ci[0],
  accuracyHigh: ({ cell }) => cell?.ci[1],
  samples: ({ cell }) => cell?.n,
  questions: ({ cell }) => cell && (cell.questions ?? cell.n),
  baseAccuracy: ({ cell }) => cell?.change?.baseAccuracy,
  change: ({ cell }) => cell?.change?.value,
  changeLow: ({ cell }) => cell?.change?.ci[0],
  changeHigh: ({ cell }) => cell?.change?.ci[1],
  changeMethod: ({ cell }) => cell?.change?.ciMethod,
  p: ({ cell }) => cell?.change?.p,
  pMethod: ({ cell }) => cell?.change?.pMethod,
  pHolm: ({ cell }) => cell?.change?.pHolm,
  direction: ({ cell }) => cell?.change && direction(cell.change),
  unscored: ({ cell }) => cell && (cell.unscored ?? 0),
  errors: ({ cell }) => cell && (cell.errors ?? 0),
  limits: ({ cell }) => cell && (cell.limits ?? 0),
  onlyInBase: ({ cell }) => cell?.leftOut?.onlyInA,
  onlyInRow: ({ cell }) => cell?.leftOut?.onlyInB,
  otherQuestion: ({ cell }) => cell?.leftOut?.otherQuestion,
  withoutPair: ({ cell }) => cell?.leftOut?.unscored,
  leaked: ({ cell }) => cell?.leaked,
  goodSteps: ({ cell }) => cell?.goodSteps?.share,
  goodStepsOf: ({ cell }) => cell?.goodSteps?.n,
  goldStepRecall: ({ cell }) => cell?.goldStepRecall?.share,
  goldStepRecallOf: ({ cell }) => cell?.goldStepRecall?.n,
  coverageKnown: (line) => facts(line)?.coverage?.known,
  coverageHeld: (line) => facts(line)?.coverage?.held,
  minimumDetectableEffect: (line) => facts(line)?.minimumDetectableEffect,
  kept: ({ row }) => row.kept,
  budgetTrajectories: ({ row }) => row.budget?.trajectories,
  budgetStates: ({ row }) => row.budget?.states,
  usedTrajectories: ({ row }) => row.used?.trajectories,
  usedStates: ({ row }) => row.used?.states,
  withoutResult: ({ matrix, row, column, cell }) => {
    if (cell) return undefined
    const { short, reason } = missing(matrix, row, column)
    return reason ?? short
  },
  otherReference: ({ cell }) => cell?.leftOut && (cell.leftOut.otherReference ?? 0),
  madeBy: ({ cell }) => madeByInWords(cell?.madeBy).join(),
  differs: ({ cell }) => differsInWords(cell?.differs, "base", "row").join(),
  unguarded: ({ cell }) => cell && (cell.unguarded ?? 0),
  trajectories: ({ cell }) => cell?.protocol?.trajectories,
  steps: ({ cell }) => cell?.protocol?.steps,
  answered: ({ cell }) => cell?.protocol?.answered,
  wellFormed: ({ cell }) => cell?.protocol?.wellFormed,
  firstWellFormed: ({ cell }) => cell?.protocol?.firstWellFormed,
  tokens: ({ cell }) => cell?.protocol?.tokens,
  trainingSteps: ({ row }) => row.cost?.steps,
  sampledTokens: ({ row }) => row.cost?.sampledTokens,
  trainedTokens: ({ row }) => row.cost?.trainedTokens,
  trainingSeconds: ({ row }) => row.cost?.seconds,
  secondsPerStep: ({ row }) => row.cost?.secondsPerStep,
  tokensPerSecond: ({ row }) => row.cost?.tokensPerSecond,
  peakMemoryBytes: ({ row }) => row.cost?.peakMemoryBytes,
  ...behaviour("goldStepRecall"),
  ...behaviour("answered"),
  ...behaviour("wellFormed"),
}

function behaviour(measure: keyof NonNullable<ReportCell["behaviour"]>): Record<string, (line: Line) => CsvValue> {
  const changeOf = ({ cell }: Line) => cell?.behaviour?.[measure]
  return {
    [`${measure}Change`]: (line) => changeOf(line)?.value,
    [`${measure}ChangeLow`]: (line) => changeOf(line)?.ci[0],
    [`${measure}ChangeHigh`]: (line) => changeOf(line)?.ci[1],
    [`${measure}ChangeP`]: (line) => changeOf(line)?.p,
  }
}

const facts = ({ matrix, column }: Line) => namedIn(matrix.columnFacts, column)

export function matrixCsv(matrix: ReportMatrix): string {
  const lines = checkpointLines(matrix).map(({ row, column }) => ({ matrix, row, column, cell: cellAt(row, column) }))
  return csv(columns, lines)
}
