/**
 * Claims about algorithms, whose sample is the training seeds: a training over its seeds, cell by cell, and then its mean
 * over the cells it never saw; and the contrasts of the experiment, over the same seeds and questions.
 */
import type { SeedsChange } from "@swirl-ts/core"
import { contrastName, contrastsTitle } from "../contrast-words.ts"
import type { ReportMatrix } from "../data.ts"
import { interval, percent, points } from "../format.ts"
import { kinship, missing, namedIn, severalSeeds } from "../matrix-facts.ts"
import { changeMark, pText } from "./cell-text.ts"
import { type Column, type Table, tableOf } from "./table.ts"

interface Line {
  cell: string
  name: string
  task?: string
  accuracy?: number
  change?: SeedsChange
  /** Stands for a change that is not there. */
  why?: string
}

/** What the mean over cells that were not trained on is called; they stand in a note. */
const offDiagonal = "mean of other tasks"

export function seedsTable(matrix: ReportMatrix): Table | undefined {
  const { columns, rows } = matrix
  const overSeeds = severalSeeds(matrix)
  if (overSeeds.length === 0) return undefined
  const trainingOf = (name: string) => rows.find((row) => row.kind === "training" && row.name === name)
  const lines = columns.flatMap((column) =>
    overSeeds.map((row): Line => {
      const cell = namedIn(row.cells, column)
      const training = trainingOf(row.name)
      const task = kinship(training, column)
      return { cell: column, name: row.name, task, why: missing(matrix, training, column).short, ...cell }
    }),
  )
  const means = overSeeds.flatMap(({ name, offDiagonal: change }): Line[] =>
    change ? [{ cell: offDiagonal, name, task: "other", change }] : [],
  )
  return {
    title: "Trainings over their seeds",
    about: [
      "Claims about a training, not about one checkpoint of it: seeds are the sample, accuracy and change are means over them, p is a paired t-test over them.",
      ...intervalWords([...lines, ...means]),
    ],
    ...tableOf([...lines, ...means], seedColumns("training", true)),
    notes: overSeeds.flatMap((row) =>
      row.offDiagonal ? [`${offDiagonal}, ${row.name}: ${row.offDiagonal.cells.join(", ")}`] : [],
    ),
  }
}

export function contrastTable(matrix: ReportMatrix): Table | undefined {
  const { columns, contrasts = [] } = matrix
  const isPart = !!(matrix.unfinished?.length || matrix.failed?.length)
  const lines = contrasts.flatMap((contrast): Line[] => {
    const { cells, mean } = contrast
    const name = contrastName(contrast)
    return [
      ...columns.flatMap((cell): Line[] => {
        const change = namedIn(cells, cell)
        return change || isPart ? [{ cell, name, change, why: "not run yet" }] : []
      }),
      ...(mean ? [{ cell: "mean of cells", name, change: mean }] : []),
    ]
  })
  if (lines.length === 0) return undefined
  return {
    title: contrastsTitle(contrasts),
    about: [
      "Accuracy of the first less that of the second, paired over seeds and questions; seeds are the sample.",
      ...intervalWords(lines),
    ],
    ...tableOf(lines, [
      { name: "contrast", of: ({ name }: Line) => name, grouped: true, always: true },
      ...seedColumns("", false),
    ]),
    notes: contrasts.flatMap(({ name, of, against, mean }) => [
      `${name}: ${of} less ${against}${mean ? `; mean of ${mean.cells.join(", ")}` : ""}`,
    ]),
  }
}

function seedColumns(called: string, hasRows: boolean): Column<Line>[] {
  const rows: Column<Line>[] = [
    { name: called, of: ({ name }) => name, always: true },
    { name: "accuracy", numeric: true, of: ({ accuracy }) => (accuracy === undefined ? undefined : percent(accuracy)) },
  ]
  return [
    { name: "cell", of: ({ cell }) => cell, always: true, grouped: hasRows },
    ...(hasRows ? rows : []),
    { name: "", of: ({ change }) => change && changeMark(change), missing: "", always: true },
    { name: "change", numeric: true, of: ({ change }) => change && points(change.value), always: true },
    {
      name: "95 % interval",
      numeric: true,
      of: ({ change, why = "" }) => (change ? change.ci && interval(change.ci, points) : `– ${why}`),
      always: true,
    },
    {
      name: "p",
      numeric: true,
      of: ({ change }) => (change?.p === undefined ? undefined : pText(change.p)),
      always: true,
    },
    {
      name: "p (Holm)",
      numeric: true,
      of: ({ change }) => (change?.pHolm === undefined ? undefined : pText(change.pHolm)),
    },
    { name: "seeds", numeric: true, of: ({ change }) => change?.seeds.toString(), always: true },
    { name: "questions", numeric: true, of: ({ change }) => change?.questions.toString(), always: true },
    ...(hasRows ? [{ name: "task", of: ({ task }: Line) => task }] : []),
  ]
}

/** What the intervals are over, which hangs on how many seeds there are, and what the correction is over. */
function intervalWords(lines: readonly Line[]): string[] {
  const isCorrected = lines.some(({ change }) => change?.pHolm !== undefined)
  const methods = new Set(lines.flatMap(({ change }) => change?.ciMethod ?? []))
  return [
    ...(methods.has("seeds-t") ? ["Intervals of two seeds are Student's t over the seeds alone."] : []),
    ...(methods.has("seeds-and-questions")
      ? ["Intervals of three seeds or more are over seeds and questions, both samples."]
      : []),
    ...(isCorrected ? ["Holm's correction is over this table."] : []),
    ...(lines.some(({ change }) => change && !change.ci)
      ? [
          "No interval: one seed has the cell, or the change is the same in all of them; nothing can be said of the next seed.",
        ]
      : []),
  ]
}
