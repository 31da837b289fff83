/** What operators do with values, as Python does it; what it refuses is an error here. */
import { Dict, DictView } from "./dict.ts"
import { fail } from "./errors.ts"
import { escaped } from "./markup.ts"
import { arithmetic, isNumeric, plainNumber } from "./numbers.ts"
import { Range } from "./objects.ts"
import { percentFormat } from "./percent-format.ts"
import { pythonText } from "./printed.ts"
import { asText, isWhole, itemsOf, iterate, kindOf, Markup, membersOf, Tuple, Undefined, type Value } from "./values.ts"

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**"

export function binary(operator: BinaryOperator, a: Value, b: Value): Value {
  if (typeof a === "string" && typeof b === "string" && operator === "+") return a + b
  if (isNumeric(a) && isNumeric(b)) return arithmetic[operator]!(a, b)
  const result = operator === "+" ? joined(a, b) : operator === "*" ? (repeated(a, b) ?? repeated(b, a)) : undefined
  if (result !== undefined) return result
  if (operator === "%" && typeof a === "string") return percentFormat(a, b)
  if (operator === "%" && a instanceof Markup) return fail("`%` with an escaped text is not supported")
  for (const value of [a, b]) if (value instanceof Undefined) value.fail()
  return fail(`\`${operator}\` cannot take ${kindOf(a)} and ${kindOf(b)}`)
}

function joined(a: Value, b: Value): Value | undefined {
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  if (a instanceof Tuple && b instanceof Tuple) return new Tuple([...a.members, ...b.members])
  const isText = asText(a) !== undefined && asText(b) !== undefined
  return isText ? new Markup(escaped(a) + escaped(b)) : undefined
}

function repeated(value: Value, times: Value): Value | undefined {
  if (!isWhole(times)) return undefined
  const count = Math.max(0, Number(times))
  if (typeof value === "string") return value.repeat(count)
  if (value instanceof Markup) return new Markup(value.text.repeat(count))
  const members = membersOf(value)
  if (!members) return undefined
  const all = Array.from({ length: count }, () => members).flat()
  return value instanceof Tuple ? new Tuple(all) : all
}

/** `a ~ b`: as texts. */
export const concatenated = (values: readonly Value[]): string => values.map(pythonText).join("")

export function equals(a: Value, b: Value): boolean {
  if (a === b) return true
  // Of JavaScript's comparisons the loose one takes bigints and numbers as Python does.
  // biome-ignore lint/suspicious/noDoubleEquals: see above.
  if (isNumeric(a) && isNumeric(b)) return plainNumber(a) == plainNumber(b)
  if (a instanceof Undefined) return b instanceof Undefined
  const text = asText(a)
  if (text !== undefined) return text === asText(b)
  if (a instanceof Dict)
    return (
      b instanceof Dict &&
      a.length === b.length &&
      a.entries().every(([key, value]) => {
        const other = b.get(key)
        return other !== undefined && equals(value, other)
      })
    )
  if (a instanceof Range) return b instanceof Range && equals([...a.items()], [...b.items()])
  if (a instanceof DictView) return b instanceof DictView && a.typeName === b.typeName && sameMembers(a, b)
  const [left, right] = [membersOf(a), membersOf(b)]
  if (!left || !right || Array.isArray(a) !== Array.isArray(b) || left.length !== right.length) return false
  return left.every((item, index) => equals(item, right[index]!))
}

const sameMembers = (a: DictView, b: DictView): boolean =>
  a.typeName !== "dict_values" && a.length === b.length && a.items().every((item) => contains(b, item))

/** Less than zero, zero, or more, as Python orders numbers, texts, lists and tuples; NaN where a number is none. */
export function compared(a: Value, b: Value): number {
  if (isNumeric(a) && isNumeric(b)) {
    const [left, right] = [plainNumber(a), plainNumber(b)]
    return left < right ? -1 : left > right ? 1 : equals(a, b) ? 0 : Number.NaN
  }
  const [text, otherText] = [asText(a), asText(b)]
  if (text !== undefined && otherText !== undefined) return comparedTexts(text, otherText)
  const [left, right] = [membersOf(a), membersOf(b)]
  if (left && right && Array.isArray(a) === Array.isArray(b)) {
    const at = left.findIndex((item, index) => index >= right.length || !equals(item, right[index]!))
    return at < 0 || at >= right.length ? left.length - right.length : compared(left[at]!, right[at]!)
  }
  for (const value of [a, b]) if (value instanceof Undefined) value.fail()
  return fail(`${kindOf(a)} and ${kindOf(b)} have no order`)
}

/** By code points: JavaScript's own order would put halves of letters before what is above them. */
function comparedTexts(a: string, b: string): number {
  if (a === b) return 0
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()]
  for (;;) {
    const [one, other] = [left.next(), right.next()]
    if (one.done || other.done) return one.done ? -1 : 1
    if (one.value !== other.value) return one.value.codePointAt(0)! - other.value.codePointAt(0)!
  }
}

/** `item in container`. */
function contains(container: Value, item: Value): boolean {
  const text = asText(container)
  if (text !== undefined) {
    const part = asText(item)
    return part === undefined ? fail(`${kindOf(item)} cannot be in a text`) : text.includes(part)
  }
  if (container instanceof Dict) return container.has(item)
  if (itemsOf(container) === undefined) return fail(`nothing can be in ${kindOf(container)}`)
  for (const each of iterate(container)) if (equals(each, item)) return true
  return false
}

export const comparisons: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  "==": equals,
  "!=": (a, b) => !equals(a, b),
  "<": (a, b) => compared(a, b) < 0,
  "<=": (a, b) => compared(a, b) <= 0,
  ">": (a, b) => compared(a, b) > 0,
  ">=": (a, b) => compared(a, b) >= 0,
  in: (a, b) => contains(b, a),
  "not in": (a, b) => !contains(b, a),
}
