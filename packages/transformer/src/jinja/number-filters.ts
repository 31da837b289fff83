/** Filters for numbers, and for texts that are to become some. */
import { fail } from "./errors.ts"
import { type Filter, filter } from "./filter.ts"
import {
  arithmetic,
  count,
  fixed,
  isNumeric,
  negative,
  parseFloatText,
  parseWhole,
  plainNumber,
  positive,
  round,
  wholeNumber,
} from "./numbers.ts"
import { asText, Float, isTrue, isWhole, Undefined, type Value } from "./values.ts"

export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: filter("abs", "", (value) => (isNumeric(value) && plainNumber(value) < 0 ? negative(value) : positive(value))),
  int: filter("int", "default? base?", (value, [otherwise = 0, base]) =>
    whole(value, otherwise, count(base, "a base", 10)),
  ),
  float: filter("float", "default?", (value, [otherwise = new Float(0)]) => {
    const number = asFloat(value)
    return number === undefined ? otherwise : new Float(number)
  }),
  round: filter("round", "precision? method?", (value, [precision, method = "common"]) => {
    const decimals = count(precision, "a precision", 0)
    const way = asText(method)
    if (way === "common") return round(value, decimals)
    if (way !== "ceil" && way !== "floor") return fail("a number is rounded by common, ceil or floor")
    if (!isNumeric(value)) return round(value, decimals)
    const scale = arithmetic["**"]!(10, decimals)
    if (!isNumeric(scale)) return fail("a precision is a number")
    const scaled = arithmetic["*"]!(value, scale)
    return isNumeric(scaled) ? arithmetic["/"]!(Math[way](Number(plainNumber(scaled))), scale) : scaled
  }),
  filesizeformat: filter("filesizeformat", "binary?", (value, [isBinary]) => {
    const size = asFloat(value) ?? fail("a size of a file is a number")
    const [base, middle] = isTrue(isBinary ?? false) ? [1024, "iB"] : [1000, "B"]
    if (size === 1) return "1 Byte"
    if (size < base) return `${Math.trunc(size)} Bytes`
    const units = [...(base === 1024 ? "KMGTPEZY" : "kMGTPEZY")]
    const at = units.findIndex((_, index) => size < base ** (index + 2))
    const power = at < 0 ? units.length - 1 : at
    return `${fixed((base * size) / base ** (power + 2), 1)} ${units[power]}${middle}`
  }),
}

function asFloat(value: Value): number | undefined {
  if (value instanceof Undefined) value.fail()
  if (isNumeric(value)) return Number(plainNumber(value))
  const text = asText(value)
  return text === undefined ? undefined : parseFloatText(text)
}

function whole(value: Value, otherwise: Value, base: number): Value {
  const text = asText(value)
  const parsed = text === undefined ? undefined : parseWhole(text, base)
  if (parsed !== undefined) return parsed
  if (isWhole(value)) return positive(value)
  const number = asFloat(value)
  return number === undefined || !Number.isFinite(number) ? otherwise : wholeNumber(BigInt(Math.trunc(number)))
}
