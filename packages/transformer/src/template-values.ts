/**
 * Values of a template, made and read. The library exports no class of its values, so each is taken from one that it makes;
 * a node that holds a value is how one comes back into the tree.
 */
import * as jinja from "@huggingface/jinja"
import type { RuntimeValue } from "./python-text.ts"

/** Where names of a template are looked up. */
export interface Variables {
  set(name: string, value: unknown): RuntimeValue
}
export const Environment = jinja.Environment as unknown as new () => Variables

type ValueClass = new (value: unknown) => RuntimeValue

const classOf = (value: unknown): ValueClass => new Environment().set("value", value).constructor as ValueClass
const [Text, Integer, Truth, List, Undefined] = ["", 1, true, [], undefined].map(classOf) as [
  ValueClass,
  ValueClass,
  ValueClass,
  ValueClass,
  ValueClass,
]

export const textValue = (value: string): RuntimeValue => new Text(value)
export const integerValue = (value: number): RuntimeValue => new Integer(value)

export const truthValue = (value: boolean): RuntimeValue => new Truth(value)
export const listValue = (items: readonly RuntimeValue[]): RuntimeValue => new List([...items])
export const tupleValue = (items: readonly RuntimeValue[]): RuntimeValue =>
  Object.assign(listValue(items), { type: "TupleValue" })

export const undefinedValue = (): RuntimeValue => new Undefined(undefined)

export const isText = (value: RuntimeValue | undefined): boolean => value?.type === "StringValue"
const isUndefined = (value: RuntimeValue): boolean => value.type === "UndefinedValue"
export const isList = ({ type }: RuntimeValue): boolean => type === "ArrayValue" || type === "TupleValue"
const isMapping = ({ type }: RuntimeValue): boolean => type === "ObjectValue"
const isNumber = ({ value }: RuntimeValue): boolean => typeof value === "number" || typeof value === "boolean"

/** What a loop goes through: letters of a text, names of a mapping; undefined where Python has nothing to go through. */
export function itemsOf(value: RuntimeValue): RuntimeValue[] | undefined {
  if (isText(value)) return [...(value.value as string)].map(textValue)
  if (isMapping(value)) return [...(value.value as Map<string, RuntimeValue>).keys()].map(textValue)
  if (isUndefined(value)) return []
  return isList(value) ? (value.value as RuntimeValue[]) : undefined
}

/** Less than zero, zero, or more, as Python orders numbers, texts and lists. */
export function compared(a: RuntimeValue, b: RuntimeValue): number {
  if (isNumber(a) && isNumber(b)) return Number(a.value) - Number(b.value)
  if (isText(a) && isText(b)) return `${a.value}` < `${b.value}` ? -1 : Number(`${a.value}` > `${b.value}`)
  if (isList(a) && isList(b)) {
    const [left, right] = [a.value, b.value] as [RuntimeValue[], RuntimeValue[]]
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const order = compared(left[index]!, right[index]!)
      if (order !== 0) return order
    }
    return left.length - right.length
  }
  throw new Error(`${a.type} and ${b.type} have no order`)
}
