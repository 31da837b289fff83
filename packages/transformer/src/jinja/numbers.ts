/** Python's arithmetic: integers have no end, a float stays one, and what lies halfway is rounded to the even digit. */
import { fail } from "./errors.ts"
import { asText, Float, isWhole, kindOf, Undefined, type Value } from "./values.ts"

type Numeric = number | bigint | boolean | Float
export const isNumeric = (value: Value | undefined): value is Numeric => isWhole(value) || value instanceof Float

/** As a number of JavaScript, or as a bigint where it is one. */
export const plainNumber = (value: Numeric): number | bigint =>
  value instanceof Float ? value.value : typeof value === "boolean" ? Number(value) : value
const real = (value: Numeric): number => Number(plainNumber(value))
const integer = (value: Numeric): bigint => BigInt(plainNumber(value))

/** As a number, where numbers count exactly so far. */
export const wholeNumber = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
const isSmall = (value: Numeric): value is number | boolean => typeof value === "number" || typeof value === "boolean"

interface Operation {
  small(a: number, b: number): number
  large(a: bigint, b: bigint): bigint
  float(a: number, b: number): number
}

function calculate(a: Numeric, b: Numeric, { small, large, float }: Operation): Value {
  if (a instanceof Float || b instanceof Float) return new Float(float(real(a), real(b)))
  if (isSmall(a) && isSmall(b)) {
    const result = small(Number(a), Number(b))
    if (Number.isSafeInteger(result)) return result + 0
  }
  return wholeNumber(large(integer(a), integer(b)))
}

const zero = (): never => fail("division by zero")

function remainder(a: number, b: number): number {
  if (b === 0) zero()
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}
function largeRemainder(a: bigint, b: bigint): bigint {
  if (b === 0n) zero()
  const rest = a % b
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
}

export const arithmetic: Readonly<Record<string, (a: Numeric, b: Numeric) => Value>> = {
  "+": (a, b) => calculate(a, b, { small: (x, y) => x + y, large: (x, y) => x + y, float: (x, y) => x + y }),
  "-": (a, b) => calculate(a, b, { small: (x, y) => x - y, large: (x, y) => x - y, float: (x, y) => x - y }),
  "*": (a, b) => calculate(a, b, { small: (x, y) => x * y, large: (x, y) => x * y, float: (x, y) => x * y }),
  "%": (a, b) => calculate(a, b, { small: remainder, large: largeRemainder, float: remainder }),
  "//": (a, b) =>
    calculate(a, b, {
      small: (x, y) => (x - remainder(x, y)) / y,
      large: (x, y) => (x - largeRemainder(x, y)) / y,
      float: (x, y) => Math.round((x - remainder(x, y)) / y),
    }),
  "/": (a, b) => (real(b) === 0 ? zero() : new Float(real(a) / real(b))),
  "**": power,
}

const largestExponent = 100_000n

function power(a: Numeric, b: Numeric): Value {
  if (!(a instanceof Float || b instanceof Float) && integer(b) >= 0n) {
    if (integer(b) > largestExponent) fail(`an exponent of more than ${largestExponent} is not supported`)
    return wholeNumber(integer(a) ** integer(b))
  }
  const [base, exponent] = [real(a), real(b)]
  if (base === 0 && exponent < 0) zero()
  if (base < 0 && !Number.isInteger(exponent)) fail("complex numbers are not supported")
  const result = base ** exponent
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) fail("the result is out of range")
  return new Float(result)
}

export function negative(value: Value): Value {
  if (value instanceof Undefined) value.fail()
  if (!isNumeric(value)) return fail(`${kindOf(value)} has no negative`)
  return value instanceof Float ? new Float(-value.value) : arithmetic["-"]!(0, value)
}
export function positive(value: Value): Value {
  if (value instanceof Undefined) value.fail()
  if (!isNumeric(value)) return fail(`${kindOf(value)} is no number`)
  return value instanceof Float ? value : arithmetic["+"]!(0, value)
}

/** Of exact digits, the first `keep`, and the rest rounded: what lies halfway goes to the even digit. */
function rounded(exact: string, keep: number): bigint {
  const digits = BigInt(exact.slice(0, keep) || "0")
  const rest = exact.slice(keep)
  const half = `5${"0".repeat(Math.max(0, rest.length - 1))}`
  return rest > half || (rest === half && digits % 2n === 1n) ? digits + 1n : digits
}

/** With so many decimals, as Python's `%.2f` writes it. */
export function fixed(value: number, decimals: number): string {
  const size = Math.abs(value)
  if (size >= 1e21 && Number.isFinite(value)) return `${BigInt(value)}${decimals > 0 ? `.${"0".repeat(decimals)}` : ""}`
  if (!Number.isFinite(value) || decimals > 60) return value.toFixed(Math.min(100, decimals))
  const [whole = "", fraction = ""] = size.toFixed(Math.min(100, decimals + 60)).split(".")
  const digits = `${rounded(whole + fraction, whole.length + decimals)}`.padStart(decimals + 1, "0")
  const [before, after] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)]
  return `${value < 0 || Object.is(value, -0) ? "-" : ""}${before}${decimals > 0 ? `.${after}` : ""}`
}

/** With one digit before the point and an exponent, as Python's `%.2e` writes it, the exponent still short. */
export function exponential(value: number, decimals: number): string {
  if (!Number.isFinite(value) || value === 0 || decimals > 60) return value.toExponential(Math.min(100, decimals))
  const [mantissa = "", exponent = ""] = Math.abs(value)
    .toExponential(Math.min(100, decimals + 60))
    .split("e")
  const digits = `${rounded(mantissa.replace(".", ""), decimals + 1)}`
  const isLonger = digits.length > decimals + 1
  const shown = isLonger ? digits.slice(0, -1) : digits
  const power10 = Number(exponent) + (isLonger ? 1 : 0)
  const fraction = shown.length > 1 ? `.${shown.slice(1)}` : ""
  return `${value < 0 ? "-" : ""}${shown[0]}${fraction}e${power10 < 0 ? "-" : "+"}${Math.abs(power10)}`
}

/** `round(value, decimals)`. */
export function round(value: Value, decimals: number): Value {
  if (value instanceof Undefined) value.fail()
  if (!isNumeric(value)) return fail(`${kindOf(value)} cannot be rounded`)
  if (value instanceof Float && decimals >= 0) return new Float(Number(fixed(value.value, decimals)))
  if (decimals >= 0) return wholeNumber(integer(value))
  const digits = `${integer(value instanceof Float ? Math.trunc(Math.abs(value.value)) : value)}`.replace("-", "")
  const padded = digits.padStart(-decimals + 1, "0")
  const sign = real(value) < 0 ? -1n : 1n
  const result = sign * rounded(padded, padded.length + decimals) * 10n ** BigInt(-decimals)
  return value instanceof Float ? new Float(Number(result)) : wholeNumber(result)
}

/** `float(text)`, or nothing where it is no number. */
export function parseFloatText(text: string): number | undefined {
  const plain = text.trim().replace(/(?<=\d)_(?=\d)/g, "")
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain)
  const named = /^([+-]?)(inf|infinity|nan)$/i.exec(plain)
  if (!named) return undefined
  return (named[1] === "-" ? -1 : 1) * (/nan/i.test(plain) ? Number.NaN : Number.POSITIVE_INFINITY)
}

const digitsOf = (base: number): string => "0123456789abcdefghijklmnopqrstuvwxyz".slice(0, base)

/** `int(text, base)`, or nothing where it is none. */
export function parseWhole(text: string, base = 10): number | bigint | undefined {
  const parts = /^([+-]?)(?:0([xob])_?)?(\w+)$/.exec(
    text
      .trim()
      .toLowerCase()
      .replace(/(?<=\w)_(?=\w)/g, ""),
  )
  if (!parts) return undefined
  const [, sign, prefix, digits = ""] = parts
  const prefixed = { x: 16, o: 8, b: 2 }[prefix ?? ""]
  const isHexadecimal = base !== 0 && prefixed !== base && prefix !== undefined
  const used = base === 0 ? (prefixed ?? 10) : base
  const all = isHexadecimal ? `0${prefix}${digits}` : digits
  const places = [...all].map((digit) => digitsOf(used).indexOf(digit))
  if (places.includes(-1)) return undefined
  const size = places.reduce((sum, place) => sum * BigInt(used) + BigInt(place), 0n)
  return wholeNumber(sign === "-" ? -size : size)
}

/** What counts something: a whole number, small enough to count with. */
export function count(value: Value | undefined, what: string, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback
  if (value instanceof Undefined) value.fail()
  return isWhole(value) ? Number(value) : fail(`${what} is a whole number, not ${asText(value) ?? "that"}`)
}
