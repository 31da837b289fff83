/**
 * `swirl score gsm8k`: the five readings on the contents of a gold file (the official JSON lines) and of a predictions
 * file (JSON lines `{ "id"?, "prediction": text }`). One item a gold row, in gold order; a row without a prediction is
 * wrong. Content is never refused: only what is no JSON, or an id that names no row.
 */
import { coverageNotes, goldRecords, parseRecords } from "@swirl-ts/bench-kit"
import { meanMetrics, type ScoreReport } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { dataSet } from "./files.ts"
import { readAll } from "./readings.ts"
import { readSolution } from "./record.ts"

/** Rows of the official train file, which names its split nowhere. */
const trainRows = 7473

export function scoreFiles(gold: string, predictions: string): ScoreReport {
  const solutions = goldRecords(gold, dataSet).map(readSolution)
  const responses = new Map<number, string | undefined>()
  const prefixes = new Set<string>()
  const unknown: string[] = []
  const repeated: string[] = []
  const noTexts: string[] = []
  parseRecords(predictions, "the predictions file").forEach(({ where, value }, place) => {
    const { id, prediction } = readPrediction(value)
    if (prediction === undefined) noTexts.push(where)
    const named = id === undefined ? undefined : /^(?:(.*)\/)?(\d+)$/s.exec(id)
    const row = id === undefined ? place : named ? Number(named[2]) : -1
    if (row < 0 || row >= solutions.length) {
      unknown.push(id ?? String(place))
      return
    }
    if (named?.[1]) prefixes.add(named[1])
    if (responses.has(row)) repeated.push(where)
    responses.set(row, prediction)
  })
  const prefix = [...prefixes].at(-1) ?? (solutions.length === trainRows ? "train" : "test")
  const items = solutions.map((solution, row) => ({
    id: `${prefix}/${row}`,
    metrics: readAll(responses.get(row), solution),
  }))
  return {
    metrics: meanMetrics(items.map((item) => item.metrics)),
    items,
    notes: [
      ...coverageNotes(
        solutions.map((_, row) => String(row)),
        [...[...responses].filter(([, text]) => text !== undefined).map(([row]) => String(row)), ...unknown],
      ),
      ...counted('predictions without a text under "prediction"', noTexts),
      ...counted("predictions for a row that had one, of which the last counts", repeated),
      ...(prefixes.size > 1
        ? [`ids name several splits, ${[...prefixes].join(", ")}: their rows are taken as those of one`]
        : []),
    ],
  }
}

const counted = (what: string, places: readonly string[]): string[] =>
  places.length > 0 ? [`${what}: ${places.length}, the first in ${places[0]}`] : []

/** A prediction that is no text is none: Python's `re` would stop at it. Of ids that are no texts only numbers name a row. */
function readPrediction(value: unknown): { id: string | undefined; prediction: string | undefined } {
  const { id, prediction } = isObject(value) ? value : { id: undefined, prediction: value }
  return {
    id: id === undefined || id === null ? undefined : typeof id === "object" ? JSON.stringify(id) : String(id),
    prediction: typeof prediction === "string" ? prediction : undefined,
  }
}
