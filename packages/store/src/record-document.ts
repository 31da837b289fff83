/** Records that are a file of their own, one JSON document: selections and the like. Written whole or not at all. */
import { readFile } from "node:fs/promises"
import { errorMessage, SwirlError, schemaProblem } from "@swirl-ts/core"
import { diskError, errorCode, writeFileAtomic } from "@swirl-ts/kit"
import type { ZodType, z } from "zod"
import { migrate } from "./migrations.ts"

/** Undefined where there is no file. */
export async function readDocument<S extends ZodType>(path: string, schema: S): Promise<z.infer<S> | undefined> {
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined
    throw diskError(error, "read", path)
  }
  const refuse = (why: string, cause: unknown): never => {
    throw new SwirlError(
      `${path} is not a record that can be read: ${why}. Repair it, or delete it and run what wrote it again.`,
      { cause },
    )
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
