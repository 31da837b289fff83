/** Records that are a file of their own, one JSON document: selections and the like. Written whole or not at all. */
import { readTextIfThere, writeFileAtomic } from "@swirl-ts/kit"
import type { ZodType, z } from "zod"
import { brokenRecord, wrongRecord } from "./broken-record.ts"
import { migrate } from "./migrations.ts"

/** Undefined where there is no file; of one that cannot be read `advice` says what to do. */
export async function readDocument<S extends ZodType>(
  path: string,
  schema: S,
  advice = "Repair it, or delete it and run what wrote it again.",
): Promise<z.infer<S> | undefined> {
  const text = await readTextIfThere(path)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = migrate(JSON.parse(text.replace(/^\ufeff/, "")))
  } catch (error) {
    throw brokenRecord({ path }, error, advice)
  }
  const { data, error } = schema.safeParse(value)
  if (error) throw wrongRecord({ path }, value, error, advice)
  return data as z.infer<S>
}

export const writeDocument = (path: string, record: object): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`)
