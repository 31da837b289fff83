/** Options back as words of a command line: what was settled here, said to a command elsewhere. */
import { shardName } from "@swirl-ts/core"
import { flagText, type Given, type Option, type OptionTable } from "./option.ts"
import { namedValue, price, shard } from "./values.ts"

/** Values by name; defaults are left out, unless an environment elsewhere could say otherwise. */
export const wordsOf = (table: OptionTable, values: Given): string[] =>
  Object.entries(table).flatMap(([name, option]) => {
    const value = values[name]
    if (value === undefined || value === false) return []
    if (value === option.default && option.environment === undefined) return []
    const flag = flagText(name, { value: undefined })
    if (value === true) return [flag]
    const each = option.repeatable ? (value as unknown[]) : [value]
    return each.flatMap((one) => {
      const text = textOf(one, option)
      return text.startsWith("-") ? [`${flag}=${text}`] : [flag, text]
    })
  })

/** As the option's own reader reads it. */
function textOf(value: unknown, { parse }: Option): string {
  if (parse === shard) return shardName(value as ReturnType<typeof shard>)
  if (parse === price) {
    const [model, { input, output }] = value as ReturnType<typeof price>
    return `${model}=${input},${output}`
  }
  if (parse === namedValue) {
    const [name, named] = value as ReturnType<typeof namedValue>
    return `${name}=${JSON.stringify(named)}`
  }
  return Array.isArray(value) ? value.join(",") : String(value)
}
