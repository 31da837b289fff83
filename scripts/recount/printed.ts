/**
 * The tables of `report/matrix.md`, which are those of the terminal, the page and LaTeX, too: every printed number is the rounding
 * of the one in the matrix. Not of the one that the records make: half-way between two digits the last bit of a sum decides.
 */
import { words } from "./compare.ts"
import { field, isRaw, type Raw } from "./raw.ts"
import { kinshipOf, markOf } from "./words.ts"

type Line = Record<string, string>

/** By title and first two cells of a line; a cell that is left out is that of the line before. */
export function readTables(markdown: string): Record<string, Record<string, Line>> {
  const tables: Record<string, Record<string, Line>> = {}
  for (const section of markdown.split(/^## /m).slice(1)) {
    const [title = "", ...rest] = section.split("\n")
    const [header, , ...lines] = rest.filter((line) => line.startsWith("|")).map(cellsOf)
    if (!header) continue
    const table: Record<string, Line> = {}
    let first = ""
    for (const line of lines) {
      first = line[0] || first
      const named = Object.fromEntries(header.map((name, place) => [name || "mark", line[place]!]))
      table[`${first} ${line[1]}`] = { ...named, [header[0]!]: first }
    }
    tables[title] = table
  }
  return tables
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) =>
      cell.trim().replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").replace(/\\(.)/g, "$1"),
    )

/** What `readTables` should find for the document, line by line of what is there; a table of another kind is not looked at. */
export function expectedTables(matrix: Raw, tables: Readonly<Record<string, Record<string, Line>>>): Raw {
  return Object.fromEntries(
    Object.entries(tables).map(([title, table]) => {
      const lines = Object.entries(table).map(([key, line]) => [key, expectedLine(matrix, line)])
      return [title, Object.fromEntries(lines)]
    }),
  )
}

function expectedLine(matrix: Raw, line: Line): unknown {
  const found =
    line.kept !== undefined || line["seconds a step"] !== undefined
      ? rowOf(matrix, line.training!)
      : line.row !== undefined
        ? ofRow(matrix, line)
        : line.training !== undefined
          ? ofTraining(matrix, line)
          : line.contrast !== undefined
            ? ofContrast(matrix, line)
            : line["smallest change shown"] === undefined && line["gold passages known"] === undefined
              ? undefined
              : field(matrix, "columns", line.cell!)
  if (found === undefined) return words
  const texts: Record<string, unknown> = { ...(isRaw(found) ? textsOf(found) : {}), task: taskOf(matrix, line) }
  return Object.fromEntries(
    Object.keys(line).map((name) => [name, names.has(name) ? line[name] : (texts[name] ?? words)]),
  )
}

/** What a line is of; it was found by these. */
const names = new Set(["cell", "row", "training", "contrast"])

function taskOf(matrix: Raw, { row, training, cell }: Line): string {
  const name = training ?? row?.replace(/ #\d+.*$/, "")
  const found = (matrix.rows as Raw[]).find((each) => each.name === name && each.seed !== undefined)
  return found ? kinshipOf(found, cell!) : "–"
}

/** By its name in tables: with its seed, and with remarks in brackets. */
function rowOf(matrix: Raw, shown: string): Raw | undefined {
  const [, name, seed] = /^(.*?)(?: #(\d+))?(?: \(.*\))*$/.exec(shown) ?? []
  const rows =
    name !== "base"
      ? (matrix.rows as Raw[])
      : [{ name, cells: matrix.base }, ...((matrix.baseBySeed ?? []) as Raw[]).map((each) => ({ name, ...each }))]
  return rows.find((each) => each.name === name && String(each.seed ?? "") === (seed ?? ""))
}

function ofRow(matrix: Raw, { row, cell }: Line): unknown {
  const found = rowOf(matrix, row!)
  return found && field(found, "cells", cell!)
}

function ofTraining(matrix: Raw, { training, cell }: Line): unknown {
  const found = ((matrix.overSeeds ?? []) as Raw[]).find(({ name }) => name === training)
  return found && (cell === "mean of other tasks" ? { change: found.offDiagonal } : field(found, "cells", cell!))
}

function ofContrast(matrix: Raw, { contrast, cell }: Line): unknown {
  const found = ((matrix.contrasts ?? []) as Raw[]).find(({ name, declared }) =>
    declared === "after" ? `${name} (added after results were there)` === contrast : name === contrast,
  )
  const change = found && (cell === "mean of cells" ? found.mean : field(found, "cells", cell!))
  return change && { change }
}

/** By the head of a column; a number that is not there is no text. */
function textsOf(cell: Raw): Record<string, unknown> {
  const change = isRaw(cell.change) ? cell.change : undefined
  const number = (value: unknown, write: (value: number) => string): string | undefined =>
    typeof value === "number" ? write(value) : undefined
  // A base is compared with nothing; a change over seeds may have no p.
  const none = change ? "–" : ""
  const samples = number(cell.n, String)
  return {
    accuracy: number(cell.accuracy, percent) ?? "–",
    mark: markOf(change),
    change: number(change?.value, points) ?? none,
    "95 % interval": change ? changeRange(change) : `${range(cell.ci, percent)} (accuracy)`,
    p: number(change?.p, chance) ?? none,
    "p (Holm)": number(change?.pHolm, chance) ?? none,
    n: samples,
    samples,
    seeds: number(change?.seeds, String),
    questions: number(cell.questions ?? change?.questions, String),
    leaked: number(cell.leaked, String) ?? "–",
    "unscored %": number(cell.n, (n) => percent(Number(cell.unscored ?? 0) / (n + Number(cell.unscored ?? 0)))),
    "good steps %": number(field(cell, "goodSteps", "share"), percent),
    "gold steps %": number(field(cell, "goldStepRecall", "share"), percent),
    "smallest change shown": number(cell.minimumDetectableEffect, percent) ?? "–",
    ...coverageTexts(cell.coverage),
    ...budgetTexts(cell),
    ...protocolTexts(cell.protocol),
    ...behaviourTexts(cell.behaviour),
    ...costTexts(cell.cost),
  }
}

/** Of a row. */
function budgetTexts({ kept, budget, used, train, filter, algorithm, judge }: Raw): Record<string, unknown> {
  const of = (name: string): string => {
    const [taken, allowed] = [used, budget].map((each) => (isRaw(each) ? each[name] : undefined))
    return taken === undefined ? "–" : `${taken}${allowed === undefined ? "" : ` of ${allowed}`}`
  }
  if (train === undefined) return {}
  const texts = {
    "trained on": train,
    filter,
    algorithm,
    judge,
    trajectories: of("trajectories"),
    states: of("states"),
  }
  return { ...texts, kept: kept === undefined ? "–" : String(kept) }
}

function protocolTexts(protocol: unknown): Record<string, unknown> {
  if (!isRaw(protocol)) return {}
  const { answered, wellFormed, firstWellFormed, steps, trajectories, tokens } = protocol as Record<string, number>
  return {
    "answered %": percent(answered!),
    "well-formed steps %": percent(wellFormed!),
    "first step %": percent(firstWellFormed!),
    steps: (steps! / trajectories!).toFixed(2),
    tokens: tokens!.toFixed(1),
  }
}

/** A change with an interval of few pairs says so. */
const changeRange = ({ ci, ciMethod }: Raw): string =>
  `${range(ci, points) ?? "–"}${{ "none-differs": " (none differs)", "tango-score": " (few differ)" }[String(ciMethod)] ?? ""}`

function behaviourTexts(behaviour: unknown): Record<string, unknown> {
  const names = { goldStepRecall: "gold steps", answered: "answered", wellFormed: "well-formed steps" }
  return Object.fromEntries(
    Object.entries(names).flatMap(([measure, name]) => {
      const change = isRaw(behaviour) ? behaviour[measure] : undefined
      if (!isRaw(change)) return []
      return [
        [name, points(Number(change.value))],
        [`${name}, 95 %`, changeRange(change)],
      ]
    }),
  )
}

function costTexts(cost: unknown): Record<string, unknown> {
  if (!isRaw(cost)) return {}
  const number = (name: string, digits: number, unit = 1): string =>
    typeof cost[name] === "number" ? (cost[name] / unit).toFixed(digits) : "–"
  return {
    "optimiser steps": number("steps", 0),
    "sampled tokens": number("sampledTokens", 0),
    "trained tokens": number("trainedTokens", 0),
    "seconds a step": number("secondsPerStep", 1),
    "tokens/s": number("tokensPerSecond", 1),
    minutes: number("seconds", 1, 60),
    "peak GB": number("peakMemoryBytes", 2, 1e9),
  }
}

function coverageTexts(coverage: unknown): Record<string, unknown> {
  if (!isRaw(coverage)) return {}
  const known = Number(coverage.known)
  const of = (count: unknown): string =>
    `${count} of ${known}${known > 0 ? ` (${percent(Number(count) / known)} %)` : ""}`
  return {
    "gold passages known": String(known),
    "in the corpus": of(coverage.held),
  }
}

const range = (value: unknown, write: (value: number) => string): string | undefined =>
  Array.isArray(value) ? `${write(value[0])} to ${write(value[1])}` : undefined

const percent = (share: number): string => (100 * share).toFixed(1)
const points = (change: number): string => `${change >= 0 ? "+" : "−"}${percent(Math.abs(change))}`
const chance = (p: number): string => (p < 0.001 ? "<0.001" : p.toFixed(3))
