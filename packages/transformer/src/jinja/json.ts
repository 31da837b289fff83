/** `json.dumps`, as `transformers` gives it to templates. */
import { Dict } from "./dict.ts"
import { fail } from "./errors.ts"
import { compared } from "./operators.ts"
import { floatText } from "./printed.ts"
import { asText, Float, kindOf, membersOf, type Value } from "./values.ts"

export interface JsonSettings {
  isAscii: boolean
  /** What each level is indented by; without it all stands in one line. */
  indent?: string
  /** Between items, and between a name and its value. */
  separators: readonly [string, string]
  areNamesSorted: boolean
}

export function jsonText(value: Value, settings: JsonSettings, level = 0): string {
  const text = asText(value)
  if (text !== undefined) return jsonString(text, settings.isAscii)
  if (value === null) return "null"
  if (value instanceof Float) return jsonFloat(value.value)
  if (typeof value !== "object") return `${value}`
  const inner = (item: Value): string => jsonText(item, settings, level + 1)
  const members = membersOf(value)
  if (members) return enclosed("[", members.map(inner), "]", settings, level)
  if (!(value instanceof Dict)) return fail(`${kindOf(value)} cannot be written as JSON`)
  const entries = value.entries()
  if (settings.areNamesSorted) entries.sort(([a], [b]) => compared(a, b))
  const written = entries.map(
    ([key, item]) => `${jsonString(keyText(key), settings.isAscii)}${settings.separators[1]}${inner(item)}`,
  )
  return enclosed("{", written, "}", settings, level)
}

function enclosed(open: string, parts: string[], close: string, { indent, separators }: JsonSettings, level: number) {
  if (parts.length === 0) return open + close
  if (indent === undefined) return open + parts.join(separators[0]) + close
  const line = `\n${indent.repeat(level)}`
  return open + line + indent + parts.join(separators[0] + line + indent) + line + close
}

function keyText(key: Value): string {
  const text = asText(key)
  if (text !== undefined) return text
  if (key === null) return "null"
  if (key instanceof Float) return jsonFloat(key.value)
  return typeof key === "object" ? fail(`${kindOf(key)} cannot be a name in JSON`) : `${key}`
}

const jsonFloat = (value: number): string =>
  Number.isFinite(value) ? floatText(value) : Number.isNaN(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity"

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
}
const hex = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`

function jsonString(text: string, isAscii: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
  const inside = text.replace(isAscii ? /["\\]|[^ -~]/g : /["\\\0-\x1f]/g, (letter) => escapes[letter] ?? hex(letter))
  return `"${inside}"`
}
