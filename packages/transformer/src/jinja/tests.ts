/** What can stand behind `is`. */
import { signature } from "./arguments.ts"
import { Dict } from "./dict.ts"
import type { Tables, Test } from "./filter.ts"
import { letterKinds } from "./letter-case.ts"
import { isNumeric } from "./numbers.ts"
import { binary, comparisons, equals } from "./operators.ts"
import { pythonText } from "./printed.ts"
import { asText, Float, isWhole, itemsOf, Markup, PythonObject, Undefined, type Value } from "./values.ts"

function test(name: string, parameters: string, run: (value: Value, other: Value, tables: Tables) => boolean): Test {
  const bind = signature(`the test ${name}`, parameters)
  return (value, args, tables) => run(value, bind(args)[0] ?? null, tables)
}

const remainder = (value: Value, divisor: Value): Value => binary("%", value, divisor)

const isSequence = (value: Value): boolean =>
  typeof value === "string" || Array.isArray(value) || (value instanceof PythonObject && value.isSequence)

/** The same thing, not one that is equal to it. */
const isSame = (value: Value, other: Value): boolean => value === other

/** Of a filter or test; what can be no key cannot be looked up. */
function nameIn(value: Value): string {
  new Dict().has(value)
  return asText(value) ?? ""
}

const kinds: Readonly<Record<string, (value: Value) => boolean>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  true: (value) => value === true,
  false: (value) => value === false,
  integer: (value) => isWhole(value) && typeof value !== "boolean",
  float: (value) => value instanceof Float,
  number: isNumeric,
  string: (value) => typeof value === "string" || value instanceof Markup,
  mapping: (value) => value instanceof Dict,
  sequence: isSequence,
  iterable: (value) => itemsOf(value) !== undefined,
  callable: (value) => value instanceof PythonObject && value.isCallable,
  escaped: (value) => value instanceof Markup,
  lower: (value) => letterKinds.islower!(pythonText(value)),
  upper: (value) => letterKinds.isupper!(pythonText(value)),
  odd: (value) => equals(remainder(value, 2), 1),
  even: (value) => equals(remainder(value, 2), 0),
}

const words: Readonly<Record<string, string>> = {
  eq: "==",
  equalto: "==",
  "==": "==",
  ne: "!=",
  "!=": "!=",
  lt: "<",
  lessthan: "<",
  "<": "<",
  le: "<=",
  "<=": "<=",
  gt: ">",
  greaterthan: ">",
  ">": ">",
  ge: ">=",
  ">=": ">=",
  in: "in",
}

const all: ReadonlyMap<string, Test> = new Map([
  ...Object.entries(kinds).map(([name, is]): [string, Test] => [name, test(name, "", is)]),
  ...Object.entries(words).map(([name, operator]): [string, Test] => [
    name,
    test(name, "other /", comparisons[operator]!),
  ]),
  ["divisibleby", test("divisibleby", "num", (value, divisor) => equals(remainder(value, divisor), 0))],
  ["sameas", test("sameas", "other", isSame)],
  ["filter", test("filter", "", (value, _, { filterOf }) => filterOf(nameIn(value)) !== undefined)],
  ["test", test("test", "", (value, _, { testOf }) => testOf(nameIn(value)) !== undefined)],
])

export const testOf = (name: string): Test | undefined => all.get(name)
