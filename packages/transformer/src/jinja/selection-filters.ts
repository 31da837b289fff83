/** Filters that apply another filter or a test to each item. They go through a sequence when they are gone through themselves. */
import { noArguments } from "./arguments.ts"
import { fail } from "./errors.ts"
import { attributeReader, type Filter, type Tables } from "./filter.ts"
import { Generator } from "./objects.ts"
import { type Arguments, asText, isTrue, iterate, type Value } from "./values.ts"

const map: Filter = (value, args, tables) =>
  new Generator(
    (function* () {
      if (!isTrue(value)) return
      const apply = mapping(args, tables)
      for (const item of iterate(value)) yield apply(item)
    })(),
  )

function mapping({ given, named }: Arguments, tables: Tables): (item: Value) => Value {
  if (given.length === 0 && named.has("attribute")) {
    for (const name of named.keys())
      if (!["attribute", "default"].includes(name)) fail(`the filter map has no argument named ${name}`)
    return attributeReader(named.get("attribute"), named.get("default"))
  }
  const [name, ...others] = given
  const filterName = asText(name) ?? fail("the filter map needs the name of a filter, or an attribute")
  const filter = tables.filterOf(filterName) ?? fail(`there is no filter named ${filterName}`)
  return (item) => filter(item, { given: others, named }, tables)
}

/** `select` and its kin: by an attribute or by the item itself, keeping those that pass or those that do not. */
const selecting = (ofAttribute: boolean, isKept: boolean): Filter => {
  return (value, args, tables) =>
    new Generator(
      (function* () {
        if (!isTrue(value)) return
        const passes = passing(args, ofAttribute, tables)
        for (const item of iterate(value)) if (passes(item) === isKept) yield item
      })(),
    )
}

function passing({ given, named }: Arguments, ofAttribute: boolean, tables: Tables): (item: Value) => boolean {
  const [attribute, ...rest] = ofAttribute ? given : [undefined, ...given]
  if (ofAttribute && attribute === undefined) fail("the name of an attribute is missing")
  const read = ofAttribute ? attributeReader(attribute) : (item: Value): Value => item
  const [name, ...others] = rest as readonly Value[]
  if (rest.length === 0) return (item) => isTrue(read(item))
  const testName = asText(name) ?? fail("a test is named by a text")
  const test = tables.testOf(testName) ?? fail(`there is no test named ${testName}`)
  const args = others.length === 0 && named.size === 0 ? noArguments : { given: others, named }
  return (item) => test(read(item), args, tables)
}

export const selectionFilters: Readonly<Record<string, Filter>> = {
  map,
  select: selecting(false, true),
  reject: selecting(false, false),
  selectattr: selecting(true, true),
  rejectattr: selecting(true, false),
}
