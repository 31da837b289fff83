/** `text % values`, as Python writes it. */
import { Dict } from "./dict.ts"
import { fail } from "./errors.ts"
import { letterCount, lettersBetween } from "./letters.ts"
import { decimalText, isNegative, wholeText } from "./number-format.ts"
import { isNumeric, plainNumber } from "./numbers.ts"
import { asciiRepresentation, pythonText, representation } from "./printed.ts"
import { asText, Float, isWhole, kindOf, PythonObject, Tuple, Undefined, type Value } from "./values.ts"

const place = /%(?:\((\w*)\))?([-0 +#]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]?(.?)/gsu

export function percentFormat(text: string, values: Value): string {
  const given = values instanceof Tuple ? values.members : [values]
  let next = 0
  const taken = (): Value => {
    const value = given[next++]
    return value === undefined ? fail("`%` was not given enough values") : value
  }
  const size = (written: string | undefined): number | undefined =>
    written === undefined ? undefined : written === "*" ? Number(taken()) : Number(written)
  const result = text.replace(
    place,
    (whole, name: string | undefined, flags: string, width: string, decimals, code) => {
      if (whole === "%%") return "%"
      const named = name === undefined || !(values instanceof Dict) ? undefined : values.get(name)
      if (name !== undefined && named === undefined) fail(`\`%\` was not given ${name}`)
      const [wide, precision] = [size(width), size(decimals)]
      if (code === "%") return "%"
      return padded(
        written(named === undefined ? taken() : named, code, flags, precision),
        flags,
        wide ?? 0,
        /[srac]/.test(code),
      )
    },
  )
  const isMapping =
    Array.isArray(values) || (values instanceof PythonObject && values.isSequence && asText(values) === undefined)
  if (next < given.length && (values instanceof Tuple || !isMapping))
    fail("`%` was given more values than the text has places")
  return result
}

function written(value: Value, code: string, flags: string, precision: number | undefined): string {
  const texts: Readonly<Record<string, (value: Value) => string>> = {
    s: pythonText,
    r: representation,
    a: asciiRepresentation,
    c: (letter) => asText(letter) ?? String.fromCodePoint(Number(letter)),
  }
  const text = texts[code]?.(value)
  if (text !== undefined) return precision === undefined ? text : lettersBetween(text, 0, precision)
  if (value instanceof Undefined) value.fail()
  if (!isNumeric(value)) return fail(`\`%${code}\` wants a number, not ${kindOf(value)}`)
  const isAlternate = flags.includes("#")
  const number = plainNumber(value)
  const sign = isNegative(number) ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : ""
  if (/^[eEfFgG]$/.test(code)) return sign + decimalText(Math.abs(Number(number)), { code, precision, isAlternate })
  if (!/^[diuoxX]$/.test(code)) return fail(`\`%${code}\` is no format that Python knows`)
  if (/^[oxX]$/.test(code) && !isWhole(value)) return fail(`\`%${code}\` wants a whole number, not a float`)
  const whole = value instanceof Float ? BigInt(Math.trunc(value.value)) : BigInt(number)
  const digits = wholeText(whole < 0n ? -whole : whole, { code: /[diu]/.test(code) ? "d" : code, isAlternate })
  return sign + digits.padStart(precision ?? 0, "0")
}

function padded(text: string, flags: string, width: number, isText: boolean): string {
  const missing = Math.max(0, Math.abs(width) - letterCount(text))
  if (flags.includes("-") || width < 0) return text + " ".repeat(missing)
  if (!flags.includes("0") || isText) return " ".repeat(missing) + text
  const [, start = "", rest = ""] = /^([-+ ]?(?:0[xXob])?)(.*)$/s.exec(text)!
  return start + "0".repeat(missing) + rest
}
