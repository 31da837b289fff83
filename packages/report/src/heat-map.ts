/**
 * The matrix at a glance: a row a training over its seeds, a column a cell, the stronger its colour the larger the change. Each cell says
 * its number, mark and kinship in words too: colour alone says nothing.
 */
import type { ReportMatrix, ReportRow } from "./data.ts"
import { directionWords, marks, percent, points } from "./format.ts"
import { type Html, html } from "./html.ts"
import { cellAt, type Direction, direction, isGamed, kinship, missing, namedIn } from "./matrix-facts.ts"

interface Heat {
  value: number
  /** Undefined where several seeds are told without a claim over them. */
  direction?: Direction
}

const levels = 4

/** Nothing where nothing was compared. */
export function heatMap(matrix: ReportMatrix): Html | undefined {
  const { columns, rows } = matrix
  const compared = [
    ...Map.groupBy(
      rows.filter(({ kind }) => kind !== "base"),
      ({ name }) => name,
    ).values(),
  ]
  const heats = compared.map((same) => columns.map((column) => heatOf(matrix, same, column)))
  const largest = Math.max(0, ...heats.flat().map((heat) => Math.abs(heat?.value ?? 0)))
  if (!heats.flat().some(Boolean)) return undefined
  const base = rows.find(({ kind }) => kind === "base")
  return html`<h3>Heat map</h3>
<p class="note">Change against the base in points; of trainings with several seeds the mean over them. The stronger the colour, the larger: the strongest is ${points(largest).slice(1)} points. How sure a change is says its mark, not its colour.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Heat map of changes, scrolls sideways"><table class="heat"><thead><tr><th scope="col">Policy</th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${
    base &&
    html`<tr><th scope="row">${base.name}</th>${columns.map((column) => {
      const cell = cellAt(base, column)
      return html`<td>${cell ? html`${percent(cell.accuracy)} %` : missing(matrix, base, column).short}<span class="detail">accuracy</span></td>`
    })}</tr>`
  }${compared.map(
    (same, index) =>
      html`<tr><th scope="row">${same[0]!.name}<span class="detail">${about(same)}</span></th>${columns.map((column, at) => heatCell(matrix, same, column, heats[index]![at], largest))}</tr>`,
  )}</tbody></table></div>`
}

function heatOf({ overSeeds = [] }: ReportMatrix, same: readonly ReportRow[], column: string): Heat | undefined {
  const changes = same.flatMap((row) => cellAt(row, column)?.change ?? [])
  if (changes.length === 0) return undefined
  if (same.length === 1) return { value: changes[0]!.value, direction: direction(changes[0]!) }
  const seeds = overSeeds.find(({ name }) => name === same[0]!.name)
  const change = namedIn(seeds?.cells, column)?.change
  if (change) return { value: change.value, direction: change.ci && direction(change) }
  return { value: changes.reduce((sum, { value }) => sum + value, 0) / changes.length }
}

function about(same: readonly ReportRow[]): string {
  const [first] = same
  if (first!.kind === "reference") return "measured only"
  const gamed = same.filter(isGamed).length
  const seeds = same.length === 1 ? (first!.seed === undefined ? "" : `seed ${first!.seed}`) : `${same.length} seeds`
  return [seeds, gamed > 0 && (same.length === 1 ? "gamed its judge" : `${gamed} gamed their judge`)]
    .filter(Boolean)
    .join(", ")
}

function heatCell(
  matrix: ReportMatrix,
  same: readonly ReportRow[],
  column: string,
  heat: Heat | undefined,
  largest: number,
): Html {
  const kin = kinship(same[0], column)
  const task = kin && kin !== "other" && html`<span class="detail">${kin === "own" ? "own task" : kin}</span>`
  const frame = kin === "own" ? " trained" : kin === "same family" ? " family" : ""
  if (!heat) return html`<td class="${frame.trim()}">${missing(matrix, same[0], column).short}${task}</td>`
  const { value, direction: way } = heat
  const level = largest === 0 ? 0 : Math.ceil((levels * Math.abs(value)) / largest)
  return html`<td class="${`${value < 0 ? "cold" : "warm"}-${level}${frame}`}">${points(value)}${way && html` <span role="img" aria-label="${directionWords[way]}">${marks[way]}</span>`}${task}</td>`
}
