/**
 * Claims about algorithms as numbers, `matrix-over-seeds.csv`: a line a training over its seeds and cell, and a line a contrast and
 * cell; then their means over cells. Columns are added at the end and never renamed.
 */
import type { SeedsChange } from "@swirl-ts/core"
import { type CsvValue, csv } from "./csv.ts"
import type { ReportMatrix } from "./data.ts"

interface Line {
  kind: "training" | "contrast"
  name: string
  /** Of a contrast. */
  of?: string
  against?: string
  declared?: string
  /** One cell, or several, of which it is the mean. */
  cells: readonly string[]
  isMean: boolean
  accuracy?: number
  change: SeedsChange
}

const columns: Readonly<Record<string, (line: Line) => CsvValue>> = {
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  of: ({ of }) => of,
  against: ({ against }) => against,
  declared: ({ declared }) => declared,
  mean: ({ isMean }) => isMean,
  cells: ({ cells }) => cells.join(" "),
  accuracy: ({ accuracy }) => accuracy,
  change: ({ change }) => change.value,
  changeLow: ({ change }) => change.ci?.[0],
  changeHigh: ({ change }) => change.ci?.[1],
  changeMethod: ({ change }) => change.ciMethod,
  p: ({ change }) => change.p,
  pHolm: ({ change }) => change.pHolm,
  seeds: ({ change }) => change.seeds,
  questions: ({ change }) => change.questions,
}

/** Undefined where a matrix makes no such claim. */
export function overSeedsCsv({ overSeeds = [], contrasts = [] }: ReportMatrix): string | undefined {
  const lines: Line[] = [
    ...overSeeds.flatMap(({ name, cells, offDiagonal }): Line[] => [
      ...Object.entries(cells).map(
        ([cell, measured]): Line => ({ kind: "training", name, cells: [cell], isMean: false, ...measured }),
      ),
      ...(offDiagonal
        ? [{ kind: "training" as const, name, cells: offDiagonal.cells, isMean: true, change: offDiagonal }]
        : []),
    ]),
    ...contrasts.flatMap(({ name, of, against, declared, cells, mean }): Line[] => {
      const contrast = { kind: "contrast", name, of, against, declared } as const
      return [
        ...Object.entries(cells).map(([cell, change]) => ({ ...contrast, cells: [cell], isMean: false, change })),
        ...(mean ? [{ ...contrast, cells: mean.cells, isMean: true, change: mean }] : []),
      ]
    }),
  ]
  return lines.length > 0 ? csv(columns, lines) : undefined
}
