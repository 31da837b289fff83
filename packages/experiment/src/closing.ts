/**
 * What a matrix says, in plain words and from its numbers alone: what improved, what did not, what was gamed,
 * and how sure that is. Nothing here knows what was hoped for.
 */
import type { ChangedCell } from "@swirl-ts/stages"
import type { Matrix, MatrixRow } from "./matrix.ts"

const points = (value: number): string => `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(1)}`
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`

/** Up or down only where the 95 % interval of the paired change leaves zero out. */
export function direction(cell: ChangedCell): "up" | "down" | "unclear" {
  return cell.change.ci[0] > 0 ? "up" : cell.change.ci[1] < 0 ? "down" : "unclear"
}

const describeCell = (name: string, cell: ChangedCell): string =>
  `${name} ${points(cell.change.value)} points (95 % interval ${points(cell.change.ci[0])} to ${points(cell.change.ci[1])})`

/** A row is called gamed when its own alarm said so while it trained. */
export const isGamed = (row: MatrixRow): boolean => (row.alarms ?? []).some((alarm) => alarm.kind === "gaming")

function rowSentences(row: MatrixRow): string[] {
  const trained = row.train.split("+")
  const isOwn = (cell: string): boolean => trained.some((task) => cell.startsWith(`${task}/`))
  const cells = Object.entries(row.cells)
  const group = (own: boolean, which: ReturnType<typeof direction>): string =>
    cells
      .filter(([name, cell]) => isOwn(name) === own && direction(cell) === which)
      .map(([name, cell]) => describeCell(name, cell))
      .join("; ")
  const lines = [
    ["improved on its own task", group(true, "up")],
    ["got worse on its own task", group(true, "down")],
    ["no clear change on its own task", group(true, "unclear")],
    ["improved on tasks it never trained on", group(false, "up")],
    ["got worse on tasks it never trained on", group(false, "down")],
    ["no clear change on tasks it never trained on", group(false, "unclear")],
  ].filter(([, text]) => text)
  const gaming = (row.alarms ?? []).find((alarm) => alarm.kind === "gaming")
  return [
    `${row.name}${row.seed === undefined ? "" : ` (seed ${row.seed})`}${row.oracle ? " [oracle judge: an upper bound]" : ""}:`,
    ...lines.map(([label, text]) => `  ${label}: ${text}.`),
    ...(gaming ? [`  Gamed its judge (alarm at step ${gaming.step}): ${gaming.message}`] : []),
  ]
}

/** Lines for the end of a run, without colour or markup. */
export function closingText(matrix: Matrix, facts: { habits?: string } = {}): string[] {
  const comparisons = matrix.rows.reduce((sum, row) => sum + Object.keys(row.cells).length, 0)
  const base = Object.entries(matrix.base).map(([name, cell]) => `${name} ${percent(cell.accuracy)}`)
  const seeds = new Set(matrix.rows.map((row) => row.seed)).size
  const gamed = matrix.rows.filter(isGamed).map((row) => row.name)
  const falls = matrix.rows.filter(
    (row) => !isGamed(row) && Object.values(row.cells).some((cell) => direction(cell) === "down"),
  )
  return [
    `Base (${matrix.policy}): ${base.join(", ")}.`,
    ...matrix.rows.flatMap(rowSentences),
    gamed.length
      ? `Gamed, by the run's own alarm: ${gamed.join(", ")}. The judge's reward alone would have called that progress.`
      : "No run was flagged as gaming its judge.",
    ...(falls.length ? [`Not gamed, but worse somewhere: ${falls.map((row) => row.name).join(", ")}.`] : []),
    `How sure: ${matrix.questions} questions a cell, changes paired question by question, ${seeds === 1 ? "one training seed: another seed moves these numbers by more than the intervals say" : `${seeds} training seeds`}. ` +
      (comparisons >= 10
        ? `The ${comparisons} intervals are not corrected for being many: about ${Math.round(comparisons / 20)} may leave zero out by chance.`
        : `One 95 % interval in 20 leaves zero out by chance; here are ${comparisons}.`),
    ...(facts.habits ? [facts.habits] : []),
  ]
}
