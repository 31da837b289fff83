/** The one place that says who goes first: flag > environment > what another flag implies > config > default. */
import type { ConfigDefaults, Given, Option, OptionTable, ValuesOf } from "./option.ts"

const withoutDefault = ({ value, repeatable }: Option): unknown => (value ? (repeatable ? [] : undefined) : false)

/** `given` holds flags and environment already, flags first. */
export function settle<Table extends OptionTable>(
  table: Table,
  given: Given,
  config: ConfigDefaults = {},
): ValuesOf<Table> {
  const settled = Object.entries<Option>(table).map(([name, option]) => [
    name,
    given[name] ??
      option.implied?.(given) ??
      (option.config && config[option.config]) ??
      option.default ??
      withoutDefault(option),
  ])
  return Object.fromEntries(settled)
}
