/**
 * Fields that are written almost like one that is read: what is optional is else lost without a word. Plugins may carry
 * fields of their own, so nothing is refused, and only what is a slip away is said.
 */
import { z } from "zod"
import { nearest } from "../suggest.ts"

/** Slips of one field: two at most, and one in a short name, or `id` would be taken for `bind`. */
const slips = (field: string): number => (field.length < 6 ? 1 : 2)

/** A sentence each, such as `"limits.stps", which nothing reads. Did you mean "steps"?`; none where all are known. */
export function nearMisses(schema: z.ZodType, value: unknown, path: readonly string[] = []): string[] {
  if (schema instanceof z.ZodOptional) return nearMisses(schema.unwrap() as z.ZodType, value, path)
  if (typeof value !== "object" || value === null) return []
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((each, index) => nearMisses(schema.element as z.ZodType, each, [...path, String(index)]))
  }
  if (!(schema instanceof z.ZodObject)) return []
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>
  const known = Object.keys(shape)
  const fields = value as Readonly<Record<string, unknown>>
  return [
    ...Object.keys(fields).flatMap((field) => {
      const meant = known.includes(field) || isPrivate(field) ? undefined : nearest(field, known, slips(field))
      return meant === undefined
        ? []
        : [`"${[...path, field].join(".")}", which nothing reads. Did you mean "${meant}"?`]
    }),
    ...known.flatMap((field) => nearMisses(shape[field]!, fields[field], [...path, field])),
  ]
}

const isPrivate = (field: string): boolean => /^[_$#]/.test(field)
