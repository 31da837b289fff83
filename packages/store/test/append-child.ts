/** Appends records 16 at a time and prints an id once it is acknowledged, until it is killed. Arguments: file, prefix. */
import { writeSync } from "node:fs"
import { openRecordFile } from "@swirl-ts/store"
import { z } from "zod"

const [path, prefix] = process.argv.slice(2) as [string, string]
const file = await openRecordFile(path, z.object({ id: z.string(), text: z.string() }))
let next = 0
await Promise.all(
  Array.from({ length: 16 }, async () => {
    for (;;) {
      const id = `${prefix}-${next++}`
      await file.append({ id, text: "word ".repeat(1 + (next % 400)) })
      writeSync(1, `${id}\n`)
    }
  }),
)
