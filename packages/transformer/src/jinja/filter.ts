/** What a filter and a test are, and how the ones of Jinja2 are written down. */

import { item } from "./access.ts"
import { signature } from "./arguments.ts"
import { fail } from "./errors.ts"
import { type Arguments, asText, isWhole, Undefined, type Value } from "./values.ts"

/** Filters and tests by name, for filters that apply others. */
export interface Tables {
  filterOf(name: string): Filter | undefined
  testOf(name: string): Test | undefined
}

export type Filter = (value: Value, args: Arguments, tables: Tables) => Value
export type Test = (value: Value, args: Arguments, tables: Tables) => boolean

export type Given = readonly (Value | undefined)[]

/** One whose arguments are bound to parameters first: `?` marks one that can be left out. */
export function filter(
  name: string,
  parameters: string,
  run: (value: Value, given: Given, tables: Tables) => Value,
): Filter {
  const bind = signature(`the filter ${name}`, parameters)
  return (value, args, tables) => run(value, bind(args), tables)
}

/** One that Jinja2 has and that is not here. */
export const refused =
  (name: string, reason: string): Filter =>
  () =>
    fail(`the filter ${name} is not supported: ${reason}`)

/** Reads `function.name` or `0` of a value, as filters with an attribute do. */
export function attributeReader(attribute: Value | undefined, otherwise?: Value): (value: Value) => Value {
  const path = asText(attribute)
  const steps: Value[] =
    path !== undefined
      ? path.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step))
      : isWhole(attribute)
        ? [attribute]
        : []
  return (value) =>
    steps.reduce((from, step) => {
      const found = item(from, step)
      return otherwise !== undefined && otherwise !== null && found instanceof Undefined ? otherwise : found
    }, value)
}
