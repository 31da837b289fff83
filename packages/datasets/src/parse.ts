/** JSON that was read already, as the official Python would read it. */
import { errorMessage, SwirlError } from "@swirl-ts/core"

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
    const marked = plain.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
      token.startsWith('"') ? token : `"${mark}${token}"`,
    )
    if (marked !== plain) {
      try {
        return JSON.parse(marked, (_key, value: unknown) =>
          typeof value === "string" && value.startsWith(mark) ? Number(value.slice(mark.length)) : value,
        )
      } catch {}
    }
    const end = /end of JSON input/.test(errorMessage(error))
      ? ` after ${plain.trimEnd().split("\n").length} lines`
      : ""
    throw new SwirlError(`${name} is not JSON: ${errorMessage(error)}${end}.`, { cause: error })
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
  if (at !== undefined && holdsArrayAt(plain, at)) {
    const values = (parseDocument(plain, name) as Record<string, unknown>)[at]
    return entries(Array.isArray(values) ? values : [])
  }
  const lines = plain.split("\n").map((line, index) => ({ where: `${name}, line ${index + 1}`, line }))
  const filled = lines.filter(({ line }) => line.trim() !== "")
  try {
    return filled.map(({ where, line }) => ({ where, value: parseDocument(line, where) }))
  } catch (error) {
    const whole = objectOverLines(plain, name)
    if (whole) return [whole]
    throw error
  }
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
