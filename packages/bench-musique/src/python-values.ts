/**
 * What Python does with JSON values where the official script leaves the types open: truth, `==`, `int()`, iteration.
 * A value that Python would stop at is a PythonError with the name of Python's own.
 */
export class PythonError extends Error {}

/** `bool(value)`. */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0
  return Number.isNaN(value) || Boolean(value)
}

/** `a == b`: True equals 1 and 1.0, nothing else crosses types; lists and dicts by their parts. */
export function equal(a: unknown, b: unknown): boolean {
  if (typeof a === "boolean" || typeof b === "boolean") {
    return numeric(a) && numeric(b) && Number(a) === Number(b)
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), Object.entries(b)]
  return left.length === right.length && left.every(([key, value]) => Object.hasOwn(b, key) && equal(value, at(b, key)))
}
const numeric = (value: unknown): boolean => typeof value === "boolean" || typeof value === "number"
const at = (value: object, key: string): unknown => (value as Record<string, unknown>)[key]

/** `set(map(int, value))`: a text gives its characters, a dict its keys. */
export const integerSet = (value: unknown): Set<number> => new Set(parts(value).map(integer))

/** The same of a prediction, whose content is never refused: undefined where Python would stop. */
export function predictedSet(value: unknown): Set<number> | undefined {
  try {
    return integerSet(value)
  } catch (error) {
    if (error instanceof PythonError) return undefined
    throw error
  }
}

/** What Python goes through in a `for`. */
function parts(value: unknown): unknown[] {
  if (typeof value === "string") return [...value]
  if (Array.isArray(value)) return value
  if (typeof value === "object" && value !== null) return Object.keys(value)
  throw new PythonError(`TypeError: ${typeName(value)} is no list`)
}

/** `int(value)`: floats are cut towards zero, texts read as whole numbers with white space around them. */
function integer(value: unknown): number {
  if (typeof value === "boolean") return Number(value)
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new PythonError(`ValueError: ${value} has no whole number`)
    return Math.trunc(value) + 0
  }
  if (typeof value !== "string") throw new PythonError(`TypeError: int() does not take ${typeName(value)}`)
  const text = value.replace(aroundNumbers, "")
  if (!/^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u.test(text)) {
    throw new PythonError(`ValueError: int() does not take ${JSON.stringify(value)}`)
  }
  return Number(text.replaceAll("_", "").replace(/\p{Nd}/gu, digit)) + 0
}

/** White space that `int()` takes off; unlike `split()` it leaves \x1c to \x1f on. */
const aroundNumbers =
  /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g

/** Decimal digits of any script stand in runs of ten, zero first. */
function digit(character: string): string {
  const point = character.codePointAt(0)!
  let before = 0
  while (/\p{Nd}/u.test(String.fromCodePoint(point - before - 1))) before++
  return String(before % 10)
}

/** Python's name of a JSON value's type. */
export function typeName(value: unknown): string {
  if (value === null) return "None"
  if (value === undefined) return "nothing"
  if (Array.isArray(value)) return "a list"
  return { boolean: "a bool", number: "a number", string: "a text" }[typeof value as string] ?? "a dict"
}
