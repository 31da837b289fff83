/** Records that are a file of their own, one JSON document: selections and the like. Written whole or not at all. */
import { errorMessage, SwirlError, schemaProblem } from "@swirl-ts/core"
import { readTextIfThere, writeFileAtomic } from "@swirl-ts/kit"
import type { ZodType, z } from "zod"
import { migrate } from "./migrations.ts"

/** Undefined where there is no file; of one that cannot be read `advice` says what to do. */
export async function readDocument<S extends ZodType>(
  path: string,
  schema: S,
  advice = "Repair it, or delete it and run what wrote it again.",
): Promise<z.infer<S> | undefined> {
  const text = await readTextIfThere(path)
  if (text === undefined) return undefined
  const refuse = (why: string, cause: unknown): never => {
    throw new SwirlError(`${path} is not a record that can be read: ${why}. ${advice}`, { cause })
  }
  let value: unknown
  try {
    value = migrate(JSON.parse(text))
  } catch (error) {
    return refuse(errorMessage(error), error)
  }
  const { data, error } = schema.safeParse(value)
  return error ? refuse(schemaProblem(error.issues[0]!, value), error) : data
}

export const writeDocument = (path: string, record: object): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`)
