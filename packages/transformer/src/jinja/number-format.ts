/** Numbers as Python's format codes write them, without width and sides. */
import { fail } from "./errors.ts"
import { exponential, fixed } from "./numbers.ts"
import { floatText, withExponent } from "./printed.ts"
import type { Value } from "./values.ts"

export interface NumberFormat {
  /** `d`, `x`, `f` and others; none for what `str` writes. */
  code: string
  precision?: number
  /** `#`: prefixes of other bases, and points that nothing follows. */
  isAlternate?: boolean
}

const bases: Readonly<Record<string, [number, string]>> = { x: [16, "0x"], o: [8, "0o"], b: [2, "0b"], d: [10, ""] }

/** Of a size, without a sign. */
export function wholeText(size: number | bigint, { code, isAlternate }: NumberFormat): string {
  const [base, prefix] = bases[code.toLowerCase()] ?? fail(`the format code ${code} is not one for whole numbers`)
  const text = `${isAlternate ? prefix : ""}${size.toString(base)}`
  return code === "X" ? text.toUpperCase() : text
}

/** Of a size, without a sign. */
export function decimalText(size: number, { code, precision, isAlternate }: NumberFormat): string {
  if (!Number.isFinite(size))
    return code === code.toUpperCase() && code !== "" ? floatText(size).toUpperCase() : floatText(size)
  const text = written(size, code.toLowerCase(), precision, isAlternate ?? false)
  return code === "" || code === code.toLowerCase() ? text : text.toUpperCase()
}

function written(size: number, code: string, precision: number | undefined, isAlternate: boolean): string {
  const point = isAlternate && (precision ?? 6) === 0 ? "." : ""
  switch (code) {
    case "f":
      return fixed(size, precision ?? 6) + point
    case "e":
      return withExponent(exponential(size, precision ?? 6).replace("e", `${point}e`))
    case "%":
      return `${fixed(size * 100, precision ?? 6)}%`
    case "g":
      return general(size, precision ?? 6, isAlternate)
    case "":
      return precision === undefined ? floatText(size) : withPoint(size, precision)
    default:
      return fail(`the format code ${code} is not one for numbers with decimals`)
  }
}

/** So many digits in all, with an exponent where it is far from zero. */
function general(size: number, precision: number, isAlternate: boolean): string {
  const digits = Math.max(1, precision)
  const short = exponential(size, digits - 1)
  const exponent = size === 0 ? 0 : Number(short.split("e")[1])
  const hasExponent = exponent < -4 || exponent >= digits
  const text = hasExponent ? withExponent(short) : fixed(size, digits - 1 - exponent)
  return isAlternate ? text : text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "")
}

/** As `g`, but a whole number keeps `.0`. */
function withPoint(size: number, precision: number): string {
  const digits = Math.max(1, precision)
  const exponent = size === 0 ? 0 : Number(exponential(size, digits - 1).split("e")[1])
  const text =
    exponent >= digits - 1 && exponent >= -4
      ? withExponent(exponential(size, digits - 1))
      : general(size, digits, false)
  return /[.e]/.test(text) ? text.replace(/\.?0+(?=e)/, "") : `${text}.0`
}

/** A comma or an underscore between groups of digits. */
export function grouped(text: string, separator: string, size: number): string {
  const [, whole = "", rest = ""] = /^([\da-fA-F]*)(.*)$/s.exec(text)!
  return whole.replace(new RegExp(`\\B(?=([\\da-fA-F]{${size}})+$)`, "g"), separator) + rest
}

/** Below zero, or the zero that is. */
export const isNegative = (value: Value | number | bigint): boolean =>
  typeof value === "bigint" ? value < 0n : Number(value) < 0 || Object.is(value, -0)
