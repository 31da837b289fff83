/** Filters of Jinja that the library lacks for some kind of value, or in which it differs from Jinja2. */
import { percentFormat, pythonText, type RuntimeValue } from "./python-text.ts"
import { type Arguments, textMethods } from "./template-methods.ts"
import { compared, integerValue, isText, itemsOf, listValue, textValue, undefinedValue } from "./template-values.ts"

type Filter = (value: RuntimeValue, args: Arguments) => RuntimeValue | undefined

const ofItems =
  (result: (items: RuntimeValue[]) => RuntimeValue | undefined): Filter =>
  (value) => {
    const items = itemsOf(value)
    return items && result(items)
  }
const ofText =
  (method: string): Filter =>
  (value, args) =>
    isText(value) ? textMethods[method]!(`${value.value}`, args) : undefined
const length = ofItems((items) => integerValue(items.length))
const best = (sign: number): Filter =>
  ofItems((items) =>
    items.length === 0
      ? undefinedValue()
      : items.reduce((found, item) => (sign * compared(item, found) > 0 ? item : found)),
  )

export const filters: Readonly<Record<string, Filter>> = {
  list: ofItems(listValue),
  first: ofItems((items) => items[0] ?? undefinedValue()),
  last: ofItems((items) => items.at(-1) ?? undefinedValue()),
  length,
  count: length,
  reverse: (value) => {
    const items = itemsOf(value)?.toReversed()
    return items && (isText(value) ? textValue(items.map(pythonText).join("")) : listValue(items))
  },
  min: best(-1),
  max: best(1),
  string: (value) => textValue(pythonText(value)),
  trim: ofText("strip"),
  capitalize: ofText("capitalize"),
  format: (value, { given }) => (isText(value) ? textValue(percentFormat(`${value.value}`, given)) : undefined),
}
