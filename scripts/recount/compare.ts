/**
 * A document against what it should be, leaf by leaf. Invariant: every leaf of either is equal, different, missing, in words
 * that measure nothing, or unknown; none is passed over, so a figure of a new field cannot hide.
 */
import { isRaw } from "./raw.ts"

/** Of the expected document: whatever stands there is no measured figure. */
export const words = Symbol("words")

interface Difference {
  path: string
  recorded: unknown
  recomputed: unknown
}

export interface Comparison {
  /** Numbers that were recomputed and compared. */
  figures: number
  /** Other leaves that were read in the records and compared. */
  facts: number
  /** Of numbers that count as equal. */
  largest: { path: string; difference: number }
  differences: Difference[]
  /** Leaves that nothing recomputes. */
  unknown: string[]
  /** Names of leaves that measure nothing and were taken as they are. */
  words: string[]
}

/** What rounding in another order may move; a printed figure has four digits at most. */
const tolerance = 1e-9

export function compareDocuments(recorded: unknown, expected: unknown): Comparison {
  const found: Comparison = {
    figures: 0,
    facts: 0,
    largest: { path: "", difference: 0 },
    differences: [],
    unknown: [],
    words: [],
  }
  compare(recorded, expected, [], found)
  return found
}

function compare(recorded: unknown, expected: unknown, path: readonly string[], found: Comparison): void {
  const at = path.join(" ")
  if (expected === words) {
    if (recorded !== undefined) found.words.push(path.findLast((name) => !/^\d+$/.test(name)) ?? at)
    return
  }
  const [left, right] = [entries(recorded), entries(expected)]
  if (left && (right || expected === undefined)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right ?? {})]))
      compare(left[name], right?.[name], [...path, name], found)
    return
  }
  if (recorded === undefined && expected === undefined) return
  if (expected === undefined) {
    found.unknown.push(at)
    return
  }
  if (typeof recorded === "number" && typeof expected === "number") {
    found.figures++
    const difference = Math.abs(recorded - expected)
    if (!(difference <= tolerance)) found.differences.push({ path: at, recorded, recomputed: expected })
    else if (difference > found.largest.difference) found.largest = { path: at, difference }
    return
  }
  if (right) {
    for (const name of Object.keys(right)) compare(undefined, right[name], [...path, name], found)
    return
  }
  if (typeof expected === "number") found.figures++
  else found.facts++
  if (recorded !== expected) found.differences.push({ path: at, recorded, recomputed: expected })
}

/** Fields of an object, elements of a list; a list of rows by what names them, so that a path says which row it is in. */
function entries(value: unknown): Record<string, unknown> | undefined {
  if (!Array.isArray(value)) return isRaw(value) ? value : undefined
  const names = value.map((each, index) => (isRaw(each) ? nameOf(each) : undefined) ?? String(index))
  const isTwice = names.some((name, index) => names.indexOf(name) !== index)
  return Object.fromEntries(value.map((each, index) => [isTwice ? `${index}` : names[index]!, each]))
}

function nameOf({ name, seed }: Record<string, unknown>): string | undefined {
  const numbered = typeof seed === "number" ? `#${seed}` : ""
  return typeof name === "string" ? `${name}${numbered}` : numbered || undefined
}
