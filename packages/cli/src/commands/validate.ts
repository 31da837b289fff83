import { readdirSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { type RecordName, recordJsonSchema, recordSchemas, SwirlError, suggestion } from "@swirl-ts/core"
import { utf8Lines } from "@swirl-ts/kit"
import { readDocument, readRecords } from "@swirl-ts/store"
import { z } from "zod"
import { defineCommand } from "./command.ts"

const names = Object.keys(recordSchemas)

export const command = defineCommand({
  name: "validate",
  description: "check a run folder or a record file, or print the JSON Schema of a record",
  arguments: {
    file: {
      optional: true,
      help: "a run folder, a .jsonl file of one, or one of its documents: run.json, a selection, a training, a matrix",
    },
  },
  options: { schema: { value: "<record>", help: `print a JSON Schema: ${names.join(", ")}` } },
  plugins: false,
  async run({ host }, { file, schema }) {
    if (schema) return { schema: schemaOf(schema) }
    if (!file) throw new SwirlError("Give a run folder, a record file, or --schema <record>.", { kind: "usage" })
    const path = resolve(host.workingDirectory, file)
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found) throw new SwirlError(`There is no ${path}. Give a run folder or a file of one.`, { kind: "usage" })
    const records: Record<string, number> = {}
    for (const each of found.isDirectory() ? recordFiles(path) : [path]) await countRecords(each, records)
    return { file, records }
  },
  document: (result) => ("schema" in result ? result.schema : result),
  text(result) {
    if ("schema" in result) return JSON.stringify(result.schema, null, 2)
    const counts = Object.entries(result.records)
    return counts.length === 0
      ? `${result.file} holds no record.`
      : counts.map(([name, count]) => `${name}: ${count} records, all valid`)
  },
})

function schemaOf(record: string) {
  if (names.includes(record)) return recordJsonSchema(record as RecordName)
  throw new SwirlError(`There is no record "${record}".${suggestion(record, names)}`, { kind: "usage" })
}

/** Of a run folder, or a folder of them; models and their settings are no records, nor is what a hidden folder keeps. */
const recordFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.jsonl?$/.test(name) && !/(^|[/\\])(checkpoints|report|\.[^/\\]*)[/\\]/.test(name))
    .sort()
    .map((name) => join(folder, name))

/** By the name of their schema; throws what is wrong with the first that is not valid. */
async function countRecords(path: string, counts: Record<string, number>): Promise<void> {
  const any = z.discriminatedUnion("schema", Object.values(recordSchemas) as never)
  for await (const record of recordsOf(path, any)) {
    const name = (record as { schema: string }).schema
    counts[name] = (counts[name] ?? 0) + 1
  }
}

/** A document opens with a brace that stands alone on its line; of a record file every line is a record. */
async function* recordsOf(path: string, schema: z.ZodType): AsyncGenerator<unknown> {
  const { value: first } = await utf8Lines(path).next()
  if (first?.trim() === "{") yield await readDocument(path, schema)
  else yield* readRecords(path, schema)
}
