/** Filters for values of any kind. */
import { attribute, ownAttribute } from "./access.ts"
import { Dict } from "./dict.ts"
import { fail } from "./errors.ts"
import { type Filter, filter, refused } from "./filter.ts"
import { type JsonSettings, jsonText } from "./json.ts"
import { count } from "./numbers.ts"
import { compared } from "./operators.ts"
import { pythonText, representation } from "./printed.ts"
import { asText, isTrue, Markup, membersOf, Tuple, Undefined, type Value } from "./values.ts"

const fallback = filter("default", "default_value? boolean?", (value, [otherwise = "", ofFalse = false]) =>
  value instanceof Undefined || (isTrue(ofFalse) && !isTrue(value)) ? otherwise : value,
)

export const valueFilters: Readonly<Record<string, Filter>> = {
  default: fallback,
  d: fallback,
  string: filter("string", "", (value) => (value instanceof Markup ? value : pythonText(value))),
  attr: filter("attr", "name", (value, [name]) => {
    const own = asText(name) ?? fail("the filter attr wants a name")
    return ownAttribute(value, own) === undefined ? new Undefined(`there is no ${own}`) : attribute(value, own)
  }),
  tojson: filter(
    "tojson",
    "ensure_ascii? indent? separators? sort_keys?",
    (value, [isAscii, indent, separators, isSorted]) =>
      jsonText(value, {
        isAscii: isTrue(isAscii ?? false),
        indent: indentOf(indent),
        separators: separatorsOf(separators, indent),
        areNamesSorted: isTrue(isSorted ?? false),
      }),
  ),
  pprint: filter("pprint", "", (value) => {
    const line = representation(sorted(value))
    return line.length <= 80 ? line : fail("the filter pprint is not supported for what takes more than one line")
  }),
  random: refused("random", "the same conversation would have different texts"),
}

function indentOf(indent: Value | undefined): string | undefined {
  if (indent === undefined || indent === null) return undefined
  return asText(indent) ?? " ".repeat(Math.max(0, count(indent, "an indent")))
}

function separatorsOf(separators: Value | undefined, indent: Value | undefined): JsonSettings["separators"] {
  if (separators === undefined || separators === null)
    return [indent === undefined || indent === null ? ", " : ",", ": "]
  const [between, after, ...others] = membersOf(separators) ?? []
  const [item, name] = [asText(between), asText(after)]
  return item === undefined || name === undefined || others.length > 0
    ? fail("separators of JSON are two texts")
    : [item, name]
}

/** With the names of mappings in order, as `pprint` shows them. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted)
  if (value instanceof Tuple) return new Tuple(value.members.map(sorted))
  if (!(value instanceof Dict)) return value
  const entries = value.entries().map(([key, inner]): [Value, Value] => [key, sorted(inner)])
  return new Dict(entries.sort(([a], [b]) => compared(a, b)))
}
