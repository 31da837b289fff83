/** What the cells themselves are, whatever row stands in them: corpus coverage, the smallest change they can show, and what others published. */
import type { MatrixColumn } from "@swirl-ts/core"
import type { ReportMatrix } from "../data.ts"
import { percent, points } from "../format.ts"
import { namedIn } from "../matrix-facts.ts"
import { type Column, type Table, tableOf } from "./table.ts"

interface Line extends MatrixColumn {
  column: string
}

type Coverage = NonNullable<MatrixColumn["coverage"]>

const coverageShare = ({ known }: Coverage, count: number): string =>
  `${count} of ${known}${known > 0 ? ` (${percent(count / known)} %)` : ""}`

export function columnTable({ columns, columnFacts }: ReportMatrix): Table | undefined {
  const lines = columns.map((column): Line => ({ ...namedIn(columnFacts, column), column }))
  if (!lines.some((line) => line.coverage || line.minimumDetectableEffect !== undefined)) return undefined
  const shown: Column<Line>[] = [
    { name: "cell", of: ({ column }) => column, always: true },
    { name: "gold passages known", numeric: true, of: ({ coverage }) => coverage?.known.toString() },
    { name: "in the corpus", numeric: true, of: ({ coverage }) => coverage && coverageShare(coverage, coverage.held) },
    {
      name: "smallest change shown",
      numeric: true,
      of: ({ minimumDetectableEffect: effect }) => (effect === undefined ? undefined : points(effect).slice(1)),
    },
  ]
  return {
    title: "Cells",
    about: [
      ...(lines.some(({ coverage }) => coverage)
        ? [
            "Corpus coverage: of the questions whose gold passages are known, those whose passages the corpus holds. What is not there cannot be answered from the corpus by any policy; what a retriever finds of it is counted by `swirl data <benchmark> --coverage`.",
          ]
        : []),
      ...(lines.some(({ minimumDetectableEffect }) => minimumDetectableEffect !== undefined)
        ? ["Smallest change shown: in points, with power .8 at p .05 for one checkpoint."]
        : []),
    ],
    ...tableOf(lines, shown),
    notes: [],
  }
}

export function publishedTable({ columns, columnFacts }: ReportMatrix): Table | undefined {
  const lines = columns.flatMap((column) =>
    (namedIn(columnFacts, column)?.published ?? []).map((number) => ({ column, ...number })),
  )
  if (lines.length === 0) return undefined
  const shown: Column<(typeof lines)[number]>[] = [
    { name: "cell", of: ({ column }) => column, grouped: true, always: true },
    { name: "who", of: ({ what }) => what, always: true },
    { name: "metric", of: ({ metric }) => metric, always: true },
    { name: "value", numeric: true, of: ({ value }) => String(value), always: true },
    { name: "from", of: ({ citation }) => citation, always: true },
  ]
  return {
    title: "Published numbers, not measured here",
    about: [
      "Other models and other questions, as they were published: no line of these can be compared with one above.",
    ],
    ...tableOf(lines, shown),
    notes: [],
  }
}
