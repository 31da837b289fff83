/** `text.format(…)`, as Python writes it. */
import { fail } from "./errors.ts"
import { letterCount, lettersBetween } from "./letters.ts"
import { decimalText, grouped, isNegative, wholeText } from "./number-format.ts"
import { isNumeric, plainNumber } from "./numbers.ts"
import { asciiRepresentation, pythonText, representation } from "./printed.ts"
import { type Arguments, asText, Float, kindOf, Undefined, type Value } from "./values.ts"

/** How a template reads what stands behind a dot or in brackets. */
export interface Access {
  attribute(value: Value, name: string): Value
  item(value: Value, key: Value): Value
}

export function textFormat(text: string, args: Arguments, access: Access): string {
  let next = 0
  const fieldOf = (name: string): Value => {
    const [, first = "", path = ""] = /^([^.[]*)(.*)$/su.exec(name)!
    const isPlace = /^\d*$/.test(first)
    const found = isPlace ? args.given[first === "" ? next++ : Number(first)] : args.named.get(first)
    let value = found === undefined ? fail(`format() was not given ${first || "enough values"}`) : found
    for (const [step, dotted, inBrackets] of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]|./gsu)) {
      if (dotted === undefined && inBrackets === undefined) fail(`format() cannot read ${step} in ${name}`)
      value = dotted === undefined ? access.item(value, keyOf(inBrackets!)) : access.attribute(value, dotted)
    }
    return value
  }
  const write = (part: string): string =>
    part.replace(
      /\{\{|\}\}|\{([^{}!:]*)(?:!(.))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/gsu,
      (whole, name, conversion, spec) => {
        if (whole === "{{" || whole === "}}") return whole[0]!
        if (name === undefined) return fail("format() met a single brace")
        const value = fieldOf(name)
        return formatted(converted(value, conversion), spec === undefined ? "" : write(spec))
      },
    )
  return write(text)
}

const keyOf = (text: string): Value => (/^\d+$/.test(text) ? Number(text) : text)

const conversions: Readonly<Record<string, (value: Value) => string>> = {
  r: representation,
  s: pythonText,
  a: asciiRepresentation,
}
const converted = (value: Value, conversion: string | undefined): Value =>
  conversion === undefined ? value : (conversions[conversion] ?? fail(`!${conversion} is no conversion`))(value)

const specification = /^(?:(.)?([<>=^]))?([-+ ]?)(z?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([a-zA-Z%]?)$/su

function formatted(value: Value, spec: string): string {
  if (spec === "") return pythonText(value)
  if (value instanceof Undefined || (asText(value) === undefined && !isNumeric(value)))
    return fail(`${kindOf(value)} cannot be written as ${spec}`)
  const parts = specification.exec(spec) ?? fail(`${spec} is no format that Python knows`)
  const [, fill, side, sign, , alternate, zero, width, separator, precision, code = ""] = parts
  const settings = {
    code,
    precision: precision === undefined ? undefined : Number(precision),
    isAlternate: alternate === "#",
  }
  const isText = !isNumeric(value)
  if (isText && code !== "" && code !== "s") return fail(`a text cannot be written as ${spec}`)
  const { start, text } = isText
    ? { start: "", text: lettersBetween(pythonText(value), 0, settings.precision ?? Number.POSITIVE_INFINITY) }
    : numberParts(value, settings, sign ?? "", separator ?? "")
  const missing = Math.max(0, Number(width) - letterCount(start + text))
  const at = side ?? (zero && !isText ? "=" : isText ? "<" : ">")
  const letters = (count: number): string => (fill ?? (zero ? "0" : " ")).repeat(count)
  if (at === "=") return start + letters(missing) + text
  const before = at === ">" ? missing : at === "^" ? Math.floor(missing / 2) : 0
  return letters(before) + start + text + letters(missing - before)
}

function numberParts(
  value: Value,
  settings: { code: string; precision?: number; isAlternate: boolean },
  sign: string,
  separator: string,
): { start: string; text: string } {
  if (!isNumeric(value)) return fail("a number is missing")
  const number = plainNumber(value)
  const { code } = settings
  const isDecimal = value instanceof Float || /[eEfFgG%]/.test(code)
  const start = isNegative(number) ? "-" : sign === "+" || sign === " " ? sign : ""
  if (code === "c") return { start: "", text: String.fromCodePoint(Number(number)) }
  if (code === "n") return fail("the format code n is not supported: it depends on the computer's language")
  const digits = isDecimal
    ? decimalText(Math.abs(Number(number)), settings)
    : wholeText(number < 0 ? -number : number, { ...settings, code: code || "d" })
  const [, prefix = "", text = ""] = /^(0[xXobB](?=.))?(.*)$/s.exec(digits)!
  const size = /[xXob]/.test(code) ? 4 : 3
  return { start: start + prefix, text: separator === "" ? text : grouped(text, separator, size) }
}
