/** Values as Python's `str` and `repr` write them. */
import { Dict, DictView } from "./dict.ts"
import { Float, Markup, Tuple, Undefined, type Value } from "./values.ts"

/** `str(value)`; nothing for what is undefined. */
export function pythonText(value: Value): string {
  if (typeof value === "string") return value
  if (value instanceof Markup) return value.text
  return value instanceof Undefined ? "" : representation(value)
}

/** `repr(value)`. */
export function representation(value: Value): string {
  if (value === null) return "None"
  if (typeof value === "string") return quoted(value)
  if (typeof value === "boolean") return value ? "True" : "False"
  if (typeof value !== "object") return `${value}`
  if (Array.isArray(value)) return `[${value.map(representation).join(", ")}]`
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Markup) return `Markup(${quoted(value.text)})`
  if (value instanceof Tuple) {
    const members = value.members.map(representation)
    return members.length === 1 ? `(${members[0]},)` : `(${members.join(", ")})`
  }
  if (value instanceof Dict) {
    const entries = value.entries().map(([key, item]) => `${representation(key)}: ${representation(item)}`)
    return `{${entries.join(", ")}}`
  }
  if (value instanceof DictView) return `${value.typeName}(${representation(value.items())})`
  return value.representation()
}

/** `ascii(value)`. */
export const asciiRepresentation = (value: Value): string =>
  representation(value).replace(/[^\0-\x7f]/gu, (letter) => escapeOf(letter.codePointAt(0)!))

/** Digits up to 1e16, and an exponent of two digits at least beyond it and below 1e-4. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf"
  const size = Math.abs(value)
  if (value !== 0 && (size >= 1e16 || size < 1e-4)) return withExponent(value.toExponential())
  return Object.is(value, -0) ? "-0.0" : Number.isInteger(value) ? `${value}.0` : `${value}`
}

/** An exponent has a sign and two digits at least. */
export const withExponent = (text: string): string =>
  text.replace(/e([+-])(\d)$/, (_, sign, digit) => `e${sign}0${digit}`)

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }

function escapeOf(code: number): string {
  const hex = (digits: number): string => code.toString(16).padStart(digits, "0")
  return code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`
}

/** Single quotes, but where only these are inside. What cannot be printed is written by its number. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inside = text.replace(/[\\\p{C}\p{Z}]/gu, (letter) =>
    letter === " " ? letter : (escapes[letter] ?? escapeOf(letter.codePointAt(0)!)),
  )
  return `${quote}${quote === "'" ? inside.replaceAll("'", "\\'") : inside}${quote}`
}
