/** Appends records of 50 kB to the file given, says each id, and drops all but every tenth, until it is killed. */
import { writeSync } from "node:fs"
import { z } from "zod"
import { openRecordFile } from "../src/record-file.ts"

const [path, session] = process.argv.slice(2) as [string, string]
const isDropped = ({ id }: { id: string }): boolean => !id.endsWith("0")
const file = await openRecordFile(path, z.object({ id: z.string(), text: z.string() }), { isDropped })
const text = "x".repeat(50_000)
for (let index = 0; ; index++) {
  const id = `${session}.${index}`
  await file.append({ id, text })
  writeSync(1, `${id}\n`)
  if (isDropped({ id })) file.drop([id])
}
