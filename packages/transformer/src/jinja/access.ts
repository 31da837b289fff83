/**
 * What stands behind a dot or in brackets. As the sandbox of Jinja2 has it: names that begin with an underscore and methods that
 * change a value give what is not there, with the reason.
 */
import { noArguments, signature } from "./arguments.ts"
import { Dict, DictView } from "./dict.ts"
import { fail } from "./errors.ts"
import { everyLetter, letterCount, lettersBetween, sliceEnds, sliceIndices } from "./letters.ts"
import { escaped } from "./markup.ts"
import { count } from "./numbers.ts"
import { Callable, Range } from "./objects.ts"
import { equals } from "./operators.ts"
import { textFormat } from "./text-format.ts"
import { memberMethods, otherTextMethods, textMethodResult, textMethods, textOf } from "./text-methods.ts"
import {
  asText,
  Float,
  isWhole,
  iterate,
  kindOf,
  likeText,
  Markup,
  membersOf,
  PythonObject,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from "./values.ts"

/** What a slice in brackets asks for. */
export class Slice extends PythonObject {
  readonly typeName = "slice"
  readonly ends: readonly [Value, Value, Value]

  constructor(start: Value, stop: Value, step: Value) {
    super()
    this.ends = [start, stop, step]
  }
}

/** What every value has, or nearly every one. */
const internal: ReadonlySet<string> = new Set(
  `class contains delattr delitem dict dir doc eq format ge getattribute getitem getstate gt hash init init_subclass iter le len lt
   module ne new or reduce reduce_ex repr reversed ror setattr setitem sizeof str subclasshook`
    .split(/\s+/)
    .map((name) => `__${name}__`),
)
const changing: Readonly<Record<string, ReadonlySet<string>>> = {
  list: new Set(["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"]),
  dict: new Set(["clear", "pop", "popitem", "setdefault", "update"]),
}

/** `value.name` or, where there is none, `value[name]`. */
export function attribute(value: Value, name: string): Value {
  const own = ownAttribute(value, name)
  if (own !== undefined) return own
  const found = element(value, name)
  return found === undefined ? missing(value, name) : found
}

/** `value[key]` or, where there is none, `value.key`. */
export function item(value: Value, key: Value): Value {
  const found = element(value, key)
  if (found !== undefined) return found
  const own = typeof key === "string" ? ownAttribute(value, key) : undefined
  return own === undefined ? missing(value, key) : own
}

const access = { attribute, item }

const missing = (value: Value, key: Value): Undefined =>
  new Undefined(`${kindOf(value)} has no ${typeof key === "string" ? key : "such element"}`)

/** What Python has under a name, without a look at the elements. */
export function ownAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Undefined) return value.fail()
  const isUnsafe = internal.has(name) || changing[typeName(value)]?.has(name)
  if (isUnsafe) return new Undefined(`${name} of ${kindOf(value)} is out of bounds for a template`)
  if (typeof value === "string" || value instanceof Markup) return textAttribute(value, name)
  const members = value instanceof Range ? value.items() : membersOf(value)
  const method = members && Object.hasOwn(memberMethods, name) ? memberMethods[name]! : undefined
  if (members && method) return builtIn(name, "value /", ([wanted]) => method(members, wanted!, equals))
  if (Array.isArray(value)) return name === "copy" ? builtIn(name, "", () => [...value]) : undefined
  if (isWhole(value)) return wholeAttribute(value, name)
  if (value instanceof Float) return floatAttribute(value, name)
  if (value instanceof Dict) return Object.hasOwn(dictMethods, name) ? dictMethods[name]!(value) : undefined
  return value instanceof PythonObject ? value.attribute(name) : undefined
}

const builtIn = (
  name: string,
  parameters: string,
  run: (values: readonly (Value | undefined)[]) => Value,
): Callable => {
  const bind = signature(`${name}()`, parameters)
  return new Callable(name, (args) => run(bind(args)))
}

const dictMethods: Readonly<Record<string, (dict: Dict) => Callable>> = {
  get: (dict) =>
    builtIn("get", "key default? /", ([key, otherwise = null]) => {
      const found = dict.get(key!)
      return found === undefined ? otherwise : found
    }),
  items: (dict) => builtIn("items", "", () => new DictView(dict, "items")),
  keys: (dict) => builtIn("keys", "", () => new DictView(dict, "keys")),
  values: (dict) => builtIn("values", "", () => new DictView(dict, "values")),
  copy: (dict) => builtIn("copy", "", () => new Dict(dict.entries())),
  fromkeys: () => builtIn("fromkeys", "iterable value? /", ([keys, value]) => fromKeys(keys!, value)),
}
export const fromKeys = (keys: Value, value: Value = null): Dict =>
  new Dict(Array.from(iterate(keys), (key) => [key, value]))

function wholeAttribute(value: number | bigint | boolean, name: string): Value | undefined {
  const whole = typeof value === "boolean" ? Number(value) : value
  if (name === "real" || name === "numerator") return whole
  if (name === "imag") return 0
  if (name === "denominator") return 1
  return name === "bit_length"
    ? builtIn(name, "", () => (Number(whole) === 0 ? 0 : BigInt(whole).toString(2).replace("-", "").length))
    : undefined
}

function floatAttribute(value: Float, name: string): Value | undefined {
  if (name === "real") return value
  if (name === "imag") return new Float(0)
  return name === "is_integer" ? builtIn(name, "", () => Number.isInteger(value.value)) : undefined
}

/** Arguments that go into escaped text and are escaped themselves. */
const escapedArguments: Readonly<Record<string, number>> = { replace: 1, ljust: 1, rjust: 1, center: 1 }

function textAttribute(value: string | Markup, name: string): Value | undefined {
  if (otherTextMethods.has(name)) return new Callable(name, () => fail(`the method ${name} of a text is not supported`))
  if (name === "format")
    return new Callable(name, (args) =>
      typeof value === "string"
        ? textFormat(value, args, access)
        : fail("format() of an escaped text is not supported"),
    )
  if (!Object.hasOwn(textMethods, name)) return undefined
  if (typeof value === "string") return new Callable(name, (args) => textMethodResult(name, value, args))
  return new Callable(name, (args) => {
    const given = args.given.map((each, index) =>
      index === escapedArguments[name]
        ? escaped(textOf(each))
        : name === "join"
          ? Array.from(iterate(each), (part) => escaped(part))
          : each,
    )
    return asMarkup(textMethodResult(name, value.text, { ...args, given }))
  })
}

function asMarkup(result: Value): Value {
  if (typeof result === "string") return new Markup(result)
  if (Array.isArray(result)) return result.map(asMarkup)
  return result instanceof Tuple ? new Tuple(result.members.map(asMarkup)) : result
}

/** What stands at a key, where something does. */
function element(value: Value, key: Value): Value | undefined {
  if (value instanceof Undefined) return value.fail()
  if (value instanceof Dict) return Array.isArray(key) || key instanceof Dict ? undefined : value.get(key)
  if (!isWhole(key)) return undefined
  const place = Number(key)
  const text = asText(value)
  if (text !== undefined) {
    const found = letter(text, place)
    return found === undefined ? undefined : likeText(value, found)
  }
  return (value instanceof Range ? [...value.items()] : membersOf(value))?.at(place)
}

/** `value[start:stop:step]`. */
export function sliced(value: Value, key: Slice): Value {
  if (value instanceof Undefined) return value.fail()
  if (value instanceof Range) return slicedRange(value, key)
  const ends = endsOf(key)
  const text = asText(value)
  if (text !== undefined) return likeText(value, everyLetter(text, sliceIndices(letterCount(text), ...ends)))
  const members = membersOf(value) ?? fail(`${kindOf(value)} has no slices`)
  const chosen = sliceIndices(members.length, ...ends).map((index) => members[index]!)
  return value instanceof Tuple ? new Tuple(chosen) : chosen
}

function letter(text: string, at: number): string | undefined {
  const place = at < 0 ? at + letterCount(text) : at
  return place < 0 ? undefined : lettersBetween(text, place, place + 1) || undefined
}

function endsOf({ ends }: Slice): [start: number | null, stop: number | null, step: number] {
  const [start = null, stop = null, step] = ends.map((end) => (end === null ? null : count(end, "an end of a slice")))
  return [start, stop, step === 0 ? fail("a slice takes no step of zero") : (step ?? 1)]
}

function slicedRange({ length, start, step }: Range, key: Slice): Range {
  const ends = endsOf(key)
  const [first, last] = sliceEnds(length, ...ends)
  return new Range(start + first * step, start + last * step, step * ends[2])
}

/** What a value does when it is called. */
export function call(value: Value, args = noArguments): Value {
  return value instanceof PythonObject ? value.call(args) : fail(`${kindOf(value)} cannot be called`)
}
