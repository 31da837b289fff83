/** Filters that make something of all that they go through. */
import { Dict, DictView } from "./dict.ts"
import { fail } from "./errors.ts"
import { attributeReader, type Filter, filter } from "./filter.ts"
import { lengthOf } from "./letters.ts"
import { count } from "./numbers.ts"
import { Generator, Group } from "./objects.ts"
import { binary, compared, equals } from "./operators.ts"
import { pythonText } from "./printed.ts"
import { asText, isTrue, itemsOf, iterate, kindOf, likeText, Tuple, Undefined, type Value } from "./values.ts"

const all = (value: Value): Value[] => [...iterate(value)]

/** Small letters where capitals do not count. */
const caseKey = (value: Value, isSensitive: Value | undefined): Value =>
  isTrue(isSensitive ?? false) ? value : (asText(value)?.toLowerCase() ?? value)

const size = filter("length", "", (value) => lengthOf(value) ?? fail(`${kindOf(value)} has no length`))

/** What can be gone through from its end; undefined where it is one that comes only once. */
function backwards(value: Value): Value[] | undefined {
  if (itemsOf(value) === undefined) return fail(`${kindOf(value)} cannot be turned round`)
  return value instanceof Generator ? undefined : all(value).reverse()
}

const extreme = (name: string, sign: number): Filter =>
  filter(name, "case_sensitive? attribute?", (value, [isSensitive, attribute]) => {
    const read = attributeReader(attribute)
    const [first, ...others] = all(value).map((item) => ({ item, key: caseKey(read(item), isSensitive) }))
    if (!first) return new Undefined("there is no item: the sequence is empty")
    return others.reduce((found, each) => (sign * compared(each.key, found.key) > 0 ? each : found), first).item
  })

export const sequenceFilters: Readonly<Record<string, Filter>> = {
  length: size,
  count: size,
  list: filter("list", "", all),
  first: filter("first", "", (value) => {
    const { done, value: first } = iterate(value)[Symbol.iterator]().next()
    return done ? new Undefined("there is no first item: the sequence is empty") : first
  }),
  last: filter("last", "", (value) => {
    const items = backwards(value) ?? fail("what comes only once has no last item")
    return items[0] === undefined ? new Undefined("there is no last item: the sequence is empty") : items[0]
  }),
  reverse: filter("reverse", "", (value) => {
    const text = asText(value)
    if (text !== undefined) return likeText(value, [...text].reverse().join(""))
    const items = backwards(value)
    return items ? new Generator(items) : all(value).reverse()
  }),
  join: filter("join", "d? attribute?", (value, [separator = "", attribute]) => {
    const read = attribute === undefined || attribute === null ? undefined : attributeReader(attribute)
    return Array.from(iterate(value), (item) => pythonText(read ? read(item) : item)).join(pythonText(separator))
  }),
  items: filter("items", "", (value) => {
    const pairs = (): Iterable<Value> => {
      if (value instanceof Undefined) return []
      return value instanceof Dict ? new DictView(value, "items").items() : fail(`${kindOf(value)} has no items`)
    }
    return lazily(pairs)
  }),
  dictsort: filter("dictsort", "case_sensitive? by? reverse?", (value, [isSensitive, by = "key", isReversed]) => {
    if (!(value instanceof Dict)) return fail(`${kindOf(value)} is no mapping`)
    const place = ["key", "value"].indexOf(asText(by) ?? "")
    if (place < 0) fail("a mapping is sorted by key or by value")
    const pairs = value.entries().map((entry) => new Tuple(entry))
    return sortedBy(pairs, (pair) => caseKey((pair as Tuple).members[place]!, isSensitive), isReversed)
  }),
  sort: filter("sort", "reverse? case_sensitive? attribute?", (value, [isReversed, isSensitive, attribute]) => {
    const paths: (Value | undefined)[] = asText(attribute)?.split(",") ?? [attribute]
    const readers = paths.map((path) => attributeReader(path))
    return sortedBy(all(value), (item) => readers.map((read) => caseKey(read(item), isSensitive)), isReversed)
  }),
  unique: filter("unique", "case_sensitive? attribute?", (value, [isSensitive, attribute]) => {
    const read = attributeReader(attribute)
    const seen = new Dict()
    return lazily(() =>
      Iterator.from(iterate(value)).filter((item) => {
        const key = caseKey(read(item), isSensitive)
        if (seen.has(key)) return false
        seen.set(key, true)
        return true
      }),
    )
  }),
  min: extreme("min", -1),
  max: extreme("max", 1),
  sum: filter("sum", "attribute? start?", (value, [attribute, start = 0]) => {
    if (asText(start) !== undefined) fail("texts are joined, not summed")
    const read = attributeReader(attribute)
    return all(value).reduce((sum, item) => binary("+", sum, read(item)), start)
  }),
  batch: filter("batch", "linecount fill_with?", (value, [linecount, fill]) =>
    lazily(() => {
      const size = count(linecount, "a count")
      const items = all(value)
      const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
        items.slice(at * size, (at + 1) * size),
      )
      const last = batches.at(-1)
      if (last && fill !== undefined && fill !== null) while (last.length < size) last.push(fill)
      return batches
    }),
  ),
  slice: filter("slice", "slices fill_with?", (value, [slices, fill]) =>
    lazily(() => {
      const number = count(slices, "a count")
      const items = all(value)
      const [each, longer] = [Math.floor(items.length / number), items.length % number]
      const parts = Array.from({ length: number }, (_, at) => {
        const start = at * each + Math.min(at, longer)
        const part = items.slice(start, start + each + (at < longer ? 1 : 0))
        return fill !== undefined && fill !== null && at >= longer ? [...part, fill] : part
      })
      return parts
    }),
  ),
  groupby: filter("groupby", "attribute default? case_sensitive?", (value, [attribute, otherwise, isSensitive]) => {
    const read = attributeReader(attribute, otherwise)
    const keyOf = (item: Value): Value => caseKey(read(item), isSensitive)
    const groups: Value[][] = []
    for (const item of sortedBy(all(value), keyOf, false)) {
      const group = groups.at(-1)
      if (group && equals(keyOf(group[0]!), keyOf(item))) group.push(item)
      else groups.push([item])
    }
    return groups.map((group) => new Group([read(group[0]!), group]))
  }),
}

function sortedBy(items: readonly Value[], keyOf: (item: Value) => Value, isReversed: Value | undefined): Value[] {
  const sign = isTrue(isReversed ?? false) ? -1 : 1
  const keyed = items.map((item) => ({ item, key: keyOf(item) }))
  return keyed.sort((a, b) => sign * compared(a.key, b.key)).map(({ item }) => item)
}

/** Made when it is gone through. */
const lazily = (make: () => Iterable<Value>): Generator =>
  new Generator(
    (function* () {
      yield* make()
    })(),
  )
