/**
 * Records of older majors are brought up to date when they are read; files are never rewritten for it.
 * `"swirl.trajectory/1"` -> a function that turns such a record into one of the next major. Empty while every major is 1.
 */
import { SwirlError } from "@swirl-ts/core"

export type Migrations = Readonly<Record<string, (record: Record<string, unknown>) => Record<string, unknown>>>

export const migrations: Migrations = {}

/** Applies migrations until there is none for the record's schema. */
export function migrate(value: unknown, table: Migrations = migrations): unknown {
  let record = value
  const seen = new Set<string>()
  for (;;) {
    const schema = (record as { schema?: unknown } | null)?.schema
    const step = typeof schema === "string" && Object.hasOwn(table, schema) ? table[schema] : undefined
    if (!step) return record
    if (seen.has(schema as string)) throw new SwirlError(`The migration of ${schema} leads back to itself.`)
    seen.add(schema as string)
    record = step(record as Record<string, unknown>)
  }
}
