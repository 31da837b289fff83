/** What a policy changed in how questions are answered, against the base: gold steps that are met, answers, and form. */
import type { ReportCell, ReportMatrix } from "../data.ts"
import { points } from "../format.ts"
import { changeInterval, rowName } from "./cell-text.ts"
import { checkpointLines } from "./checkpoints.ts"
import { type Column, type Table, tableOf } from "./table.ts"

type Measure = keyof NonNullable<ReportCell["behaviour"]>
const measures: readonly [Measure, string][] = [
  ["goldStepRecall", "gold steps"],
  ["answered", "answered"],
  ["wellFormed", "well-formed steps"],
]

export function behaviourTable(matrix: ReportMatrix): Table | undefined {
  const lines = checkpointLines(matrix).filter(({ cell }) => cell?.behaviour)
  if (lines.length === 0) return undefined
  type Line = (typeof lines)[number]
  const columns: Column<Line>[] = [
    { name: "cell", of: ({ column }) => column, grouped: true, always: true },
    { name: "row", of: ({ row }) => rowName(row), always: true },
    ...measures.flatMap(([measure, name]): Column<Line>[] => {
      const changeOf = ({ cell }: Line) => cell?.behaviour?.[measure]
      return [
        { name, numeric: true, of: (line) => textOf(changeOf(line)) },
        { name: `${name}, 95 %`, numeric: true, of: (line) => intervalOf(changeOf(line)) },
      ]
    }),
  ]
  return {
    title: "What changed in how questions were answered",
    about: [
      "Less the base's, in points, paired question by question: the share of a task's gold steps that were met, of trajectories that ended with an answer, and of a trajectory's steps that can be read and were not cut off. These are many, and no p is corrected for that.",
    ],
    ...tableOf(lines, columns),
    notes: [],
  }
}

type Change = NonNullable<ReportCell["behaviour"]>[Measure]
const textOf = (change: Change): string | undefined => change && points(change.value)
const intervalOf = (change: Change): string | undefined => change && changeInterval(change)
