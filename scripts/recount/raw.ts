/**
 * Record files as they lie there: one JSON.parse a line, no schema and no reader of the framework. Fields that are asked for
 * are looked at, and a line that is none, or an id that comes twice, is a fault that is told with its place.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"

export type Raw = Record<string, unknown>

export const isRaw = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export function readDocument(path: string): Raw {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"))
  if (!isRaw(value)) throw new Error(`${path} is no JSON object`)
  return value
}

/** The records of a JSONL file, or of its compressed copy; none where there is neither. */
export function readLines(path: string): Raw[] {
  const bytes = existsSync(path)
    ? readFileSync(path)
    : existsSync(`${path}.gz`)
      ? gunzipSync(readFileSync(`${path}.gz`))
      : undefined
  if (!bytes) return []
  const records: Raw[] = []
  const ids = new Set<unknown>()
  for (const [index, line] of bytes.toString("utf8").split("\n").entries()) {
    if (line.trim() === "") continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      throw new Error(`${path}, line ${index + 1}: ${(error as Error).message}`)
    }
    if (!isRaw(value)) throw new Error(`${path}, line ${index + 1} is no record`)
    if (value.id !== undefined && ids.has(value.id))
      throw new Error(`${path}, line ${index + 1}: ${value.id} stands there twice`)
    ids.add(value.id)
    records.push(value)
  }
  return records
}

export const folders = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(path, entry.name))
        .sort()
    : []

export const field = (raw: Raw, ...path: string[]): unknown =>
  path.reduce<unknown>((value, name) => (isRaw(value) && Object.hasOwn(value, name) ? value[name] : undefined), raw)

export function text(raw: Raw, name: string): string {
  const value = raw[name]
  if (typeof value !== "string")
    throw new Error(`the record ${JSON.stringify(raw).slice(0, 120)} … has no text "${name}"`)
  return value
}

export function whole(raw: Raw, name: string): number {
  const value = raw[name]
  if (!Number.isInteger(value))
    throw new Error(`the record ${JSON.stringify(raw).slice(0, 120)} … has no whole number "${name}"`)
  return value as number
}
