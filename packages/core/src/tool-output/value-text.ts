/**
 * Any value as JSON text, and nothing is lost on the way: what JSON has no words for is named (`[circular]`, `[Promise]`),
 * never dropped and never `{}`. A plain JSON value is shown exactly as `JSON.stringify` shows it.
 */
import { bytesText, isBytes } from "./bytes-text.ts"

/** Deeper than any result that means something, and far from the end of the stack. */
const deepest = 500

export function valueText(value: unknown): string {
  return write(value, [])
}

/** `around`: the objects that `value` stands in. */
function write(value: unknown, around: readonly object[]): string {
  if (typeof value === "bigint") return String(value)
  if (typeof value === "number" && !Number.isFinite(value)) return quoted(String(value))
  if (typeof value === "function") return quoted(`[function ${value.name || "without a name"}]`)
  if (typeof value === "symbol") return quoted(String(value))
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
  if (around.includes(value)) return quoted("[circular]")
  if (around.length === deepest) throw new RangeError(`the result is nested more than ${deepest} levels deep`)
  return writeObject(value, [...around, value])
}

function writeObject(value: object, around: readonly object[]): string {
  const inner = (each: unknown): string => write(each, around)
  const list = (values: Iterable<unknown>): string => `[${Array.from(values, inner).join(",")}]`
  const fields = (entries: Iterable<[unknown, unknown]>): string =>
    `{${Array.from(entries, ([key, each]) => `${quoted(String(key))}:${inner(each)}`).join(",")}}`

  if (Array.isArray(value)) return list(value)
  if (isBytes(value)) return quoted(bytesText(value))
  if (ArrayBuffer.isView(value)) return list(value as unknown as Iterable<number>)
  if (value instanceof Date && Number.isNaN(value.getTime())) return quoted("Invalid Date")
  if ("toJSON" in value && typeof value.toJSON === "function") return inner(value.toJSON())
  if (value instanceof Map) {
    return [...value.keys()].every((key) => typeof key === "string") ? fields(value) : list(value)
  }
  if (value instanceof Set) return list(value)
  if (value instanceof Error) return fields(errorFields(value))
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return inner(value.valueOf())
  const entries = Object.entries(value)
  return entries.length > 0 || isPlain(value) ? fields(entries) : writeOpaque(value, list)
}

/** An object that keeps what it holds to itself: its entries (`Headers`, `URLSearchParams`), its own words (`/a+/`), or its name. */
function writeOpaque(value: object, list: (values: Iterable<unknown>) => string): string {
  if (value instanceof Blob) return quoted(`[${value.type || "Blob"}, ${value.size} bytes]`)
  const isGenerator = "next" in value
  if (Symbol.iterator in value && !isGenerator) return list(value as Iterable<unknown>)
  const text = String(value)
  return quoted(text.startsWith("[object ") ? `[${value.constructor?.name || text.slice(8, -1)}]` : text)
}

function errorFields(error: Error): [string, unknown][] {
  const hidden = {
    name: error.name,
    message: error.message,
    cause: error.cause,
    errors: (error as AggregateError).errors,
  }
  return Object.entries({ ...hidden, ...error }).filter(([, value]) => value !== undefined)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype as object) === null
}

const quoted = (text: string): string => JSON.stringify(text)
