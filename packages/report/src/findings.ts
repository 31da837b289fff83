/**
 * What a matrix says, in plain words and from its numbers alone: what improved, what did not, what was gamed, and how
 * sure that is. Terminal and page show these sentences and no others. Nothing here knows what was hoped for.
 */
import { counted } from "@swirl-ts/kit"
import type { ReportMatrix, ReportRow } from "./data.ts"
import { findingsOverSeeds } from "./findings-over-seeds.ts"
import { interval, percent, points } from "./format.ts"
import {
  afterCorrection,
  type ChangeInColumn,
  cellAt,
  changesOf,
  type Direction,
  isGamed,
  isTrainedOn,
  seedsPerTraining,
} from "./matrix-facts.ts"

/** The first one is the finding; those that begin with a space are details of the one before. */
export function findings(matrix: ReportMatrix | undefined): string[] {
  if (!matrix) return ["This run was not evaluated yet: there is no accuracy to show."]
  const { columns, rows } = matrix
  const changes = rows.reduce((sum, row) => sum + changesOf(row, columns).length, 0)
  if (changes === 0)
    return [
      "Accuracies of what was evaluated. What changed is said by swirl compare, and by a matrix.",
      ...partOfPlan(matrix),
    ]
  const trained = rows.filter((row) => row.kind === "training")
  const base = rows.find((row) => row.kind === "base")
  return [
    ...(trained.length > 0 ? [improved(trained, columns), ...gamed(trained, columns)] : []),
    ...(base ? [`Base${matrix.policy ? ` (${matrix.policy})` : ""}: ${accuracies(base, columns)}.`] : []),
    ...rows.filter((row) => row.kind !== "base").flatMap((row) => rowSentences(row, columns)),
    ...findingsOverSeeds(matrix),
    howSure(matrix, trained, changes),
    ...partOfPlan(matrix),
  ]
}

/** What many intervals at the 95 % level mean together. */
const byChance = (intervals: number): string =>
  intervals >= 10
    ? `The ${intervals} intervals are not corrected for being many: about ${Math.round(intervals / 20)} may leave zero out by chance.`
    : `One 95 % interval in 20 leaves zero out by chance; here are ${intervals}.`

function improved(trained: readonly ReportRow[], columns: readonly string[]): string {
  const measured = trained.filter((row) => changesOf(row, columns).length > 0)
  const better = measured.filter((row) =>
    changesOf(row, columns).some(({ column, direction }) => direction === "up" && isTrainedOn(row, column)),
  )
  const isSeveral = seedsPerTraining(trained).most > 1
  const plural = `training${isSeveral ? " run" : ""}${measured.length === 1 ? "" : "s"}`
  const others = trained.length - measured.length
  const rest = others > 0 ? ` ${others} more ${others === 1 ? "was" : "were"} not measured.` : ""
  return `${better.length} of ${measured.length} ${plural} clearly improved a task they were trained on.${rest}`
}

function gamed(trained: readonly ReportRow[], columns: readonly string[]): string[] {
  const gaming = trained.filter(isGamed)
  const falls = trained.filter(
    (row) => !isGamed(row) && changesOf(row, columns).some(({ direction }) => direction === "down"),
  )
  return [
    gaming.length > 0
      ? `Gamed, by the run's own alarm: ${named(gaming, trained)}. The judge's reward alone would have called that progress.`
      : "No run was flagged as gaming its judge.",
    ...(falls.length > 0 ? [`Not gamed, but worse somewhere: ${named(falls, trained)}.`] : []),
  ]
}

/** A training by name, with how many of its seeds where it has several. */
function named(rows: readonly ReportRow[], trained: readonly ReportRow[]): string {
  const seeds = Map.groupBy(trained, ({ name }) => name)
  return [...Map.groupBy(rows, ({ name }) => name)]
    .map(([name, { length }]) => {
      const all = seeds.get(name)!.length
      return all === 1 ? name : `${name} (${length} of ${all} seeds)`
    })
    .join(", ")
}

const accuracies = (row: ReportRow, columns: readonly string[]): string =>
  columns
    .flatMap((column) => {
      const cell = cellAt(row, column)
      return cell ? [`${column} ${percent(cell.accuracy)} %`] : []
    })
    .join(", ")

const uncorrected = "before Holm's correction, not after it"

const groups: readonly [own: boolean, direction: Direction, trained: string, measured: string][] = [
  [true, "up", "improved on its own task", ""],
  [true, "down", "got worse on its own task", ""],
  [true, "up-before-correction", `higher on its own task ${uncorrected}`, ""],
  [true, "down-before-correction", `lower on its own task ${uncorrected}`, ""],
  [true, "unclear", "no clear change on its own task", ""],
  [false, "up", "improved on tasks it never trained on", "better than the base"],
  [false, "down", "got worse on tasks it never trained on", "worse than the base"],
  [
    false,
    "up-before-correction",
    `higher on tasks it never trained on ${uncorrected}`,
    `higher than the base ${uncorrected}`,
  ],
  [
    false,
    "down-before-correction",
    `lower on tasks it never trained on ${uncorrected}`,
    `lower than the base ${uncorrected}`,
  ],
  [false, "unclear", "no clear change on tasks it never trained on", "no clear difference from the base"],
]

function rowSentences(row: ReportRow, columns: readonly string[]): string[] {
  const changes = changesOf(row, columns)
  const gaming = row.alarms?.find((alarm) => alarm.kind === "gaming")
  return [
    `${row.name}${row.seed === undefined ? "" : ` (seed ${row.seed})`}${row.oracle ? " [oracle judge: an upper bound]" : ""}:`,
    ...groups.flatMap(([own, direction, trained, measured]) => {
      const these = changes.filter((each) => each.direction === direction && isTrainedOn(row, each.column) === own)
      const label = row.kind === "training" ? trained : measured
      return these.length > 0 ? [`  ${label}: ${these.map(describe).join("; ")}.`] : []
    }),
    ...withoutResult(row),
    ...(gaming ? [`  Gamed its judge (alarm at step ${gaming.step}): ${gaming.message}`] : []),
  ]
}

/** Cells that have no number, by their reason. */
function withoutResult({ outcome, withoutResult = {} }: ReportRow): string[] {
  if (outcome !== undefined) return [`  no result: ${outcome}`]
  return Object.entries(withoutResult).map(([cell, reason]) => `  no result on ${cell}: ${reason}`)
}

const describe = ({ column, change }: ChangeInColumn): string =>
  `${column} ${points(change.value)} points (${
    change.ciMethod === "none-differs" ? `no question differs, which bounds the change to` : "95 % interval"
  } ${interval(change.ci, points)})`

function howSure(matrix: ReportMatrix, trained: readonly ReportRow[], changes: number): string {
  const { questions, pickedBy } = matrix
  const { fewest, most } = seedsPerTraining(trained)
  const corrected = afterCorrection(matrix)
  const facts = [
    ...(questions === undefined
      ? []
      : [`${counted(questions, "question")} a cell${pickedBy === "ids" ? " at most, picked by their ids" : ""}`]),
    "changes paired question by question",
    ...(most === 1 ? ["one training seed: another seed moves these numbers by more than the intervals say"] : []),
    ...(most > 1 ? [`${fewest === most ? "" : `${fewest} to `}${most} training seeds`] : []),
  ]
  return [
    `How sure: ${facts.join(", ")}. ${byChance(changes)}`,
    ...(corrected?.clear
      ? [`After Holm's correction ${corrected.left} of the ${corrected.clear} clear changes remain.`]
      : []),
  ].join(" ")
}

/** Said wherever something is missing, so that nobody takes a part for the whole. */
function partOfPlan({ unfinished = [], failed = [] }: ReportMatrix): string[] {
  const parts = [
    ...(unfinished.length > 0 ? [`${counted(unfinished.length, "job")} not finished yet`] : []),
    ...(failed.length > 0 ? [`${counted(failed.length, "job")} failed`] : []),
  ]
  return parts.length > 0 ? [`This is a part of what was planned: ${parts.join(", ")}.`] : []
}
