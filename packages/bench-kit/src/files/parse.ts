/** JSON that was read already, as the official Python would read it. */

import { errorMessage } from "@swirl-ts/core"
import { BrokenFile } from "@swirl-ts/kit"
import { pythonStrip } from "../scores/python-text.ts"

export interface DatasetRecord {
  /** `FILE, line 3`, `FILE, entry 3` or `FILE, row 3`; entries and rows count from 0, lines from 1. */
  where: string
  value: unknown
}

/** One JSON document, in which Python's NaN and Infinity are numbers. Throws a SwirlError with `name` and the place. */
export function parseDocument(text: string, name: string): unknown {
  const plain = text.replace(/^\ufeff/, "")
  try {
    return JSON.parse(plain)
  } catch (error) {
    const value = parseWithSpecialNumbers(plain)
    if (value !== undefined) return value
    const end = /end of JSON input/.test(errorMessage(error))
      ? ` after ${plain.trimEnd().split("\n").length} lines`
      : ""
    throw new BrokenFile(`${name} is not JSON: ${errorMessage(error)}${end}. Mend it, or give another file.`, {
      cause: error,
    })
  }
}

/** Undefined where there are none, or more is wrong than they. */
function parseWithSpecialNumbers(text: string): unknown {
  try {
    const marked = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
      token.startsWith('"') ? token : `"${mark}${token}"`,
    )
    if (marked === text) return undefined
    return JSON.parse(marked, (_key, value: unknown) =>
      typeof value === "string" && value.startsWith(mark) ? Number(value.slice(mark.length)) : value,
    )
  } catch {
    return undefined
  }
}

/** Stands before a number that JSON does not know, where a string of a data set will not. */
const mark = "\ue000swirl number "

/**
 * The records of a text: a JSON array, an object whose key `at` holds the array, JSON Lines, or one object alone, as its
 * content says. Blank lines count for nothing.
 */
export function parseRecords(text: string, name: string, { at }: { at?: string } = {}): DatasetRecord[] {
  const plain = text.replace(/^\ufeff/, "")
  const entries = (values: readonly unknown[]) =>
    values.map((value, index) => ({ where: `${name}, entry ${index}`, value }))
  if (/^\s*\[/.test(plain)) return entries(parseDocument(plain, name) as unknown[])
  const inside = at === undefined ? undefined : arrayAt(plain, at, name)
  if (inside) return entries(inside)
  const lines = plain
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ where: `${name}, line ${index + 1}`, line: pythonStrip(line) }))
  const filled = lines.filter(({ line }) => line !== "")
  try {
    return filled.map(({ where, line }) => ({ where, value: parseDocument(line, where) }))
  } catch (error) {
    const whole = objectOverLines(plain, name)
    if (whole) return [whole]
    throw error
  }
}

/** The array under a key of the one object a text is; undefined where the text is something else. */
function arrayAt(text: string, at: string, name: string): unknown[] | undefined {
  // Lines of records are many times longer than the search for a key that none of them has.
  if (!/^\s*\{/.test(text) || !text.includes(`"${at}"`)) return undefined
  let document: unknown
  try {
    document = parseDocument(text, name)
  } catch (error) {
    if (holdsArrayAt(text, at)) throw error
    return undefined
  }
  if (!Object.hasOwn(document as object, at)) return undefined
  const value = (document as Record<string, unknown>)[at]
  if (Array.isArray(value)) return value
  throw new BrokenFile(`${name}: "${at}" is no list of records. Give a file that has one there.`)
}

/** One object alone that is written over several lines: the first line is no JSON, all together are. */
function objectOverLines(text: string, name: string): DatasetRecord | undefined {
  const start = text.trimStart()
  if (!start.startsWith("{")) return undefined
  const parsed = (part: string) => {
    try {
      return { where: name, value: parseDocument(part, name) }
    } catch {
      return undefined
    }
  }
  return parsed(start.split("\n", 1)[0]!) ? undefined : parsed(start)
}

/** Whether a text that begins with an object has an array under this key near its beginning. */
export const holdsArrayAt = (text: string, at: string): boolean =>
  /^\s*\{/.test(text) && new RegExp(`"${at}"\\s*:\\s*\\[`).test(text.slice(0, 4096))
