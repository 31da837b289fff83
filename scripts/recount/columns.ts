/** Objects by the name of a column. */
import type { Raw } from "./raw.ts"

export const byColumn = (columns: readonly string[], value: (name: string) => unknown): Raw =>
  Object.fromEntries(columns.map((name) => [name, value(name)]))

/** Undefined where there is no column. */
export const orNothing = (columns: readonly string[], value: (name: string) => unknown): Raw | undefined =>
  columns.length > 0 ? byColumn(columns, value) : undefined
