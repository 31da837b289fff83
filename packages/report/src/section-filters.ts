/** Trainings that differ in the filter only, side by side: what filtering is worth, cell by cell. */
import { type IntervalRow, intervalChart, intervalKey } from "./chart-intervals.ts"
import type { ReportMatrix, ReportRow } from "./data.ts"
import { count } from "./format.ts"
import { type Html, html } from "./html.ts"
import { cellAt, direction } from "./matrix-facts.ts"

export function filterSection({ columns, rows }: ReportMatrix): Html | undefined {
  const base = rows.find((row) => row.kind === "base")
  const groups = [
    ...Map.groupBy(
      rows.filter((row) => row.kind === "training" && row.filter !== undefined),
      (row) => JSON.stringify([row.train, row.algorithm, row.judge, row.budget]),
    ).values(),
  ].filter((group) => new Set(group.map((row) => row.filter)).size > 1)
  if (groups.length === 0) return undefined
  return html`<section><h2 id="filters">What the filter does</h2>
<p class="note">Accuracy in per cent after training, with 95 % intervals. Trainings in a group differ in the filter alone: which of the policy's own trajectories it learns from.</p>${intervalKey}
${groups.map((group) => filterGroup(group, columns, base))}</section>`
}

function filterGroup(group: readonly ReportRow[], columns: readonly string[], base: ReportRow | undefined): Html {
  const { train, algorithm, judge, budget = {} } = group[0]!
  const allowed = Object.entries(budget).map(([unit, most]) => `, ${count(most)} ${unit} at most`)
  const filters = [...Map.groupBy(group, (row) => row.filter!)].sort(([a], [b]) => (a < b ? -1 : 1))
  const charts = columns.map((column) => {
    const before = cellAt(base, column)
    const rows: IntervalRow[] = filters.map(([filter, trained]) => ({
      label: filter,
      dots: trained.flatMap((row) => {
        const cell = cellAt(row, column)
        if (!cell) return []
        const way = cell.change ? { direction: direction(cell.change) } : {}
        return [{ accuracy: cell.accuracy, ci: cell.ci, ...way, seed: row.seed }]
      }),
    }))
    const first: IntervalRow[] = before ? [{ label: "base", dots: [{ accuracy: before.accuracy, ci: before.ci }] }] : []
    return intervalChart(column, [...first, ...rows.filter((row) => row.dots.length > 0)], before?.accuracy)
  })
  return html`<h3>Trained on ${train ?? "?"} with ${algorithm ?? "?"}${judge && html`, judge ${judge}`}${allowed}</h3><div class="panels">${charts}</div>`
}
